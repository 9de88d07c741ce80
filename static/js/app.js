/* Everything works without this file. It adds: tokens and messages for htmx, focus, the two small
   helpers (read aloud, drafts) where a page asks for them, quick exit, offline reading.
   The only file that knows the names of htmx events. */
(function () {
  'use strict'
  var doc = document
  var body = doc.body
  var text = body.dataset
  var byId = function (id) { return doc.getElementById(id) }
  var say = function (words) { byId('say').textContent = words }
  var alarm = function (words) { byId('alarm').textContent = words }
  var on = function (name, work) { doc.addEventListener(name, work) }
  var alarmed = false

  on('htmx:configRequest', function (event) {
    var token = doc.querySelector('meta[name=csrf-token]')
    if (token) event.detail.headers['X-CSRFToken'] = token.content
  })
  on('htmx:beforeRequest', function (event) {
    var element = event.detail.elt
    var more = element.closest('[data-more]')
    alarmed = false
    alarm('')
    element.setAttribute('aria-busy', 'true')
    element.busyTimer = setTimeout(function () { say(text.busy) }, 400)
    if (more) {
      var list = more.closest('[data-list]')
      list.seen = list.querySelectorAll('h2,h3,h4').length
    }
  })
  on('htmx:afterRequest', function (event) {
    clearTimeout(event.detail.elt.busyTimer)
    event.detail.elt.removeAttribute('aria-busy')
    if (byId('say').textContent === text.busy) say('')
  })
  on('htmx:sendError', function () { alarm(text.offline) })
  on('htmx:responseError', function (event) {
    var status = event.detail.xhr.status
    // A specific message from the server came first and stays.
    if (!alarmed) alarm(text['e' + status] || text.e500)
  })
  // HX-Trigger: {"say": "…"} or {"alarm": "…"}
  on('say', function (event) { say(event.detail.value) })
  on('alarm', function (event) { alarmed = true; alarm(event.detail.value) })
  on('htmx:afterSettle', function (event) {
    var list = event.detail.target && doc.querySelector('[data-list]')
    if (list && list.seen !== undefined) {
      var first = list.querySelectorAll('h2,h3,h4')[list.seen]
      list.seen = undefined
      if (first) { first.tabIndex = -1; first.focus() }
    }
    var problem = doc.querySelector('#errors:not([data-seen])')
    if (problem) { problem.dataset.seen = ''; problem.focus() }
  })

  var problem = byId('errors')
  if (problem) { problem.dataset.seen = ''; problem.focus() }

  // One open menu at a time; Escape closes it and gives the focus back.
  on('click', function (event) {
    doc.querySelectorAll('.menu[open]').forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false
    })
  })
  on('keydown', function (event) {
    var leave = doc.querySelector('[data-leave]')
    if (event.key !== 'Escape') return
    doc.querySelectorAll('.menu[open]').forEach(function (menu) {
      menu.open = false
      menu.querySelector('summary').focus()
    })
    // Three times Escape leaves, as the button does: the page does not stay in the history.
    leave && (leave.presses = (leave.presses || 0) + 1) > 2 && location.replace(leave.href)
  })
  on('click', function (event) {
    var leave = event.target.closest('[data-leave]')
    if (!leave) return
    event.preventDefault()
    body.hidden = true
    location.replace(leave.href)
  })

  var load = function (name) {
    var script = doc.createElement('script')
    script.src = text[name]
    doc.head.append(script)
  }
  if (text.speak && 'speechSynthesis' in window && doc.querySelector('[data-speak]:not(body)')) load('speak')
  if (text.drafts && doc.querySelector('form[data-draft]')) load('drafts')

  if (text.sw && navigator.serviceWorker) {
    navigator.serviceWorker.register(text.sw)
    on('submit', function (event) {
      var worker = navigator.serviceWorker.controller
      if (event.target.matches('[data-sign-out]') && worker) worker.postMessage('forget')
    })
  }
})()
