/* Keeps what is typed in forms with data-draft on this device for seven days; never in those with data-private:
   phones are shared. */
(function () {
  'use strict'
  var store
  try { store = localStorage } catch (refused) { return }
  var fresh = function (key) {
    var kept = JSON.parse(store.getItem(key) || '{}')
    return kept.at > Date.now() - 6048e5 ? kept.values : store.removeItem(key)
  }
  Object.keys(store).forEach(function (key) { if (/^draft:/.test(key)) fresh(key) })

  document.querySelectorAll('form[data-draft]:not([data-private])').forEach(function (form) {
    var key = 'draft:' + location.pathname + form.dataset.draft
    var bar = form.querySelector('[data-draft-bar]')
    var texts = function () { return form.querySelectorAll('textarea,input[type=text]') }
    var show = function () { if (bar) bar.hidden = !store.getItem(key) }
    var forget = function () { store.removeItem(key); show() }
    var kept = fresh(key) || {}
    // Only empty fields are filled: what the server sent is newer.
    texts().forEach(function (field) { field.value = field.value || kept[field.name] || '' })
    show()
    form.addEventListener('input', function () {
      var values = {}
      texts().forEach(function (field) { values[field.name] = field.value })
      try { store.setItem(key, JSON.stringify({ at: Date.now(), values: values })) } catch (full) {}
      show()
    })
    form.addEventListener('submit', function () { if (navigator.onLine) forget() })
    if (bar) bar.querySelector('button').addEventListener('click', function () { form.reset(); forget() })
  })
})()
