/* Reads aloud sentence by sentence, each in its own language, if this device has a voice for the page's. */
(function () {
  'use strict'
  var synth = speechSynthesis
  var buttons = document.querySelectorAll('button[data-speak]')
  var reading, marked
  function voice (tag) {
    var wanted = tag.split('-')[0]
    return synth.getVoices().find(function (one) { return one.lang.split(/[-_]/)[0] === wanted })
  }
  function mark (part) {
    if (marked) marked.classList.remove('speaking')
    if (part) part.classList.add('speaking')
    marked = part
  }
  function sentences (root) {
    var queue = []
    root.querySelectorAll('h1,h2,h3,h4,p,li,dt,dd').forEach(function (part) {
      if (part.querySelector('p,li')) return
      var found = part.textContent.match(/[^.!?…؟]+[.!?…؟]*/g) || []
      found.forEach(function (words) { queue.push([part, words]) })
    })
    return queue
  }
  function stop () {
    if (!reading) return
    reading.lastChild.textContent = reading.words
    reading = null
    synth.cancel()
    mark()
  }
  function next (button, queue) {
    var item = queue.shift()
    if (reading !== button) return
    if (!item) return stop()
    var chosen = voice(item[0].closest('[lang]').lang)
    if (!chosen) return next(button, queue)
    var speech = new SpeechSynthesisUtterance(item[1])
    speech.voice = chosen
    speech.lang = chosen.lang
    speech.rate = 0.9
    speech.onend = function () { next(button, queue) }
    mark(item[0])
    synth.speak(speech)
  }
  function show () {
    if (voice(document.documentElement.lang)) buttons.forEach(function (button) { button.parentNode.hidden = button.closest('ul').hidden = false })
  }
  buttons.forEach(function (button) {
    button.words = button.textContent.trim()
    button.addEventListener('click', function () {
      var was = reading
      stop()
      if (was === button) return
      reading = button
      button.lastChild.textContent = button.dataset.stop
      next(button, sentences(document.querySelector(button.dataset.speak)))
    })
  })
  synth.onvoiceschanged = show
  addEventListener('pagehide', stop)
  show()
})()
