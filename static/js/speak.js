/* Reads a part of the page aloud, sentence by sentence, each in the language of its element.
   The button shows itself only if this device has a voice for the language of the page. */
(function () {
  'use strict'
  var synth = window.speechSynthesis
  var base = function (tag) { return (tag || '').toLowerCase().split(/[-_]/)[0] }
  var voice = function (tag) {
    return synth.getVoices().find(function (one) { return base(one.lang) === base(tag) })
  }
  var buttons = document.querySelectorAll('button[data-speak]')
  var current = null

  function pieces (root) {
    var queue = []
    root.querySelectorAll('h1,h2,h3,h4,p,li,dt,dd,blockquote').forEach(function (part) {
      if (part.querySelector('p,li') || part.closest('[hidden],.visually-hidden')) return
      var sentences = part.textContent.trim().match(/[^.!?…؟]+[.!?…؟]*/g) || []
      sentences.forEach(function (words) { if (words.trim()) queue.push([part, words.trim()]) })
    })
    return queue
  }
  function mark (part) {
    document.querySelectorAll('.speaking').forEach(function (old) { old.classList.remove('speaking') })
    if (part) part.classList.add('speaking')
  }
  function stop () {
    if (!current) return
    current.querySelector('span').textContent = current.label
    current = null
    synth.cancel()
    mark()
  }
  function next (button, queue) {
    var item = queue.shift()
    if (current !== button) return
    if (!item) return stop()
    var lang = item[0].closest('[lang]').lang
    var chosen = voice(lang)
    if (!chosen) return next(button, queue)
    var utterance = new SpeechSynthesisUtterance(item[1])
    utterance.voice = chosen
    utterance.lang = chosen.lang
    utterance.rate = 0.9
    utterance.onend = function () { next(button, queue) }
    utterance.onerror = stop
    mark(item[0])
    synth.speak(utterance)
  }
  function show () {
    if (voice(document.documentElement.lang)) buttons.forEach(function (button) { button.hidden = false })
  }
  buttons.forEach(function (button) {
    button.label = button.textContent.trim()
    button.addEventListener('click', function () {
      var was = current
      stop()
      if (was === button) return
      current = button
      button.querySelector('span').textContent = button.dataset.stop
      next(button, pieces(document.querySelector(button.dataset.speak)))
    })
  })
  synth.addEventListener && synth.addEventListener('voiceschanged', show)
  addEventListener('pagehide', stop)
  show()
})()
