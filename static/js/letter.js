/* The page for codes from letters. What stands behind the # of a QR code's address is sent to nobody; here it is
   filled in, and does not stay in the address or the history. Without scripts people type the code. */
(function () {
  'use strict'
  var field = document.querySelector('[data-from-hash]')
  if (!field || !/^#[0-9A-Z]{13}$/.test(location.hash)) return
  field.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
})()
