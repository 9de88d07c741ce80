/* Offline reading: keeps only public pages that the server marks with X-Offline: 1 and hashed files;
   forgets them at sign-out. Registered as /sw.js?offline=/de/offline */
'use strict'
const STORE = 'pages-1'
const OFFLINE = new URL(location).searchParams.get('offline')
// As a visitor: nothing of a person is kept, and a late answer cannot put an older session's cookie back.
const VISIT = { credentials: 'omit' }
const begin = async () => OFFLINE && (await caches.open(STORE)).add(new Request(OFFLINE, VISIT))

self.addEventListener('install', (event) => { self.skipWaiting(); event.waitUntil(begin()) })
self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.delete(STORE).then(begin))
})

async function answer (request) {
  const store = await caches.open(STORE)
  const page = request.mode === 'navigate'
  const kept = !page && (await store.match(request))
  if (kept) return kept
  try {
    const fresh = await fetch(request)
    const keep = page ? fresh.headers.get('X-Offline') === '1' : /immutable/.test(fresh.headers.get('Cache-Control'))
    if (fresh.ok && keep) await store.put(request, fresh.clone())
    return fresh
  } catch (unreachable) {
    return page ? (await store.match(request)) || (await store.match(OFFLINE || '')) || Response.error() : Response.error()
  }
}
self.addEventListener('fetch', (event) => {
  const request = event.request
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin) return
  if (request.mode === 'navigate' || /\.(svg|js|css)$/.test(address.pathname)) event.respondWith(answer(request))
})
