/* Keeps what is typed in forms marked data-draft="key" on this device for seven days.
   Forms marked data-private never keep anything: phones are shared. */
(function () {
  'use strict'
  var week = 7 * 24 * 3600 * 1000
  var prefix = 'draft:'
  var store
  try { store = window.localStorage } catch (refused) { return }
  if (!store) return
  Object.keys(store).forEach(function (key) {
    if (key.indexOf(prefix) === 0 && JSON.parse(store[key]).at < Date.now() - week) store.removeItem(key)
  })
  function texts (form) {
    return form.querySelectorAll('textarea[name],input[type=text][name],input:not([type])[name]')
  }
  document.querySelectorAll('form[data-draft]:not([data-private])').forEach(function (form) {
    var key = prefix + location.pathname + ':' + form.dataset.draft
    var bar = form.querySelector('[data-draft-bar]')
    var kept = JSON.parse(store.getItem(key) || 'null')
    var show = function () { if (bar) bar.hidden = !store.getItem(key) }
    if (kept) {
      texts(form).forEach(function (field) {
        // What the server sent is newer than an empty field, never older than the draft.
        if (!field.value && kept.values[field.name]) field.value = kept.values[field.name]
      })
    }
    show()
    form.addEventListener('input', function () {
      var values = {}
      texts(form).forEach(function (field) { if (field.value) values[field.name] = field.value })
      try { store.setItem(key, JSON.stringify({ at: Date.now(), values: values })) } catch (full) { return }
      show()
    })
    form.addEventListener('submit', function () { if (navigator.onLine) store.removeItem(key) })
    if (bar) {
      bar.querySelector('button').addEventListener('click', function () {
        store.removeItem(key)
        form.reset()
        show()
      })
    }
  })
})()
