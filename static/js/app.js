/* Everything works without it. Only this file knows htmx. */
(function () {
  'use strict'
  var doc = document
  var text = doc.currentScript.dataset
  var byId = function (id) { return doc.getElementById(id) }
  var on = function (name, work) { doc.addEventListener(name, work) }
  var say = function (words) { byId('say').textContent = words }
  var alarm = function (words) { byId('alarm').textContent = words }
  var focus = function (element) { if (element) { element.tabIndex = -1; element.focus() } }
  var headings = function (list) { return list.querySelectorAll('h2,h3,h4') }
  var alarmed, grown, seen

  on('submit', function (event) {
    // A half-filled day reaches no server.
    var half = [].find.call(event.target.elements, function (one) { return one.validity && one.validity.badInput })
    if (half) event.preventDefault(half.reportValidity())
  })
  on('htmx:configRequest', function (event) {
    var token = doc.querySelector('meta[name=csrf-token]')
    if (token) event.detail.headers['X-CSRFToken'] = token.content
  })
  on('htmx:beforeRequest', function (event) {
    var element = event.detail.elt
    alarmed = false
    alarm('')
    element.setAttribute('aria-busy', 'true')
    element.timer = setTimeout(say, 400, text.busy)
    grown = element.matches('[data-more]') && element.closest('[data-list]')
    seen = grown && headings(grown).length
  })
  on('htmx:afterRequest', function (event) {
    clearTimeout(event.detail.elt.timer)
    event.detail.elt.removeAttribute('aria-busy')
    if (byId('say').textContent === text.busy) say('')
  })
  on('htmx:afterSettle', function () {
    if (grown) focus(headings(grown)[seen])
    grown = null
    problems()
  })
  on('htmx:sendError', function () { alarm(text.offline) })
  on('htmx:responseError', function (event) {
    // What the server says itself stays.
    if (!alarmed) alarm(text['e' + event.detail.xhr.status] || text.e500)
  })
  // HX-Trigger: {"say": "…"}
  on('say', function (event) { say(event.detail.value) })
  on('alarm', function (event) { alarmed = true; alarm(event.detail.value) })

  function problems () {
    var box = doc.querySelector('#errors:not([data-seen])')
    if (box) box.dataset.seen = ''
    focus(box)
  }
  problems()

  function close (except) {
    doc.querySelectorAll('.menu[open]').forEach(function (menu) {
      if (menu.contains(except)) return
      if (!except) menu.firstElementChild.focus()
      menu.open = false
    })
  }
  on('keydown', function (event) { if (event.key === 'Escape') close() })
  on('click', function (event) {
    var leave = event.target.closest('[data-leave]')
    close(event.target)
    if (!leave) return
    event.preventDefault()
    doc.body.hidden = true
    location.replace(leave.href) // not kept in the history
  })

  function load (source) {
    var script = doc.createElement('script')
    script.src = source
    doc.head.append(script)
  }
  if ('speechSynthesis' in window && doc.querySelector('button[data-speak]')) load(text.speak)
  if (doc.querySelector('form[data-draft]')) load(text.drafts)

  // From the second page on: who reads one page needs no worker.
  if (text.sw && navigator.serviceWorker && !doc.referrer.indexOf(location.origin)) {
    navigator.serviceWorker.register(text.sw)
    on('submit', function (event) {
      var worker = navigator.serviceWorker.controller
      if (worker && event.target.matches('[data-sign-out]')) worker.postMessage('forget')
    })
  }
})()
