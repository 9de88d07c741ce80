/* Offline reading. Keeps only pages the server marks with X-Offline: 1 (public, the same for everybody)
   and hashed static files; forgets all of it when somebody signs out. Registered as /sw.js?offline=/de/offline */
'use strict'
const STORE = 'pages-1'
const OFFLINE = new URL(location).searchParams.get('offline')

self.addEventListener('install', (event) => {
  self.skipWaiting()
  if (OFFLINE) event.waitUntil(caches.open(STORE).then((store) => store.add(OFFLINE)))
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data !== 'forget') return
  event.waitUntil(caches.delete(STORE).then(() => OFFLINE && caches.open(STORE).then((store) => store.add(OFFLINE))))
})

async function page (request) {
  const store = await caches.open(STORE)
  try {
    const answer = await fetch(request)
    if (answer.ok && answer.headers.get('X-Offline') === '1') await store.put(request, answer.clone())
    return answer
  } catch (unreachable) {
    return (await store.match(request)) || (OFFLINE && (await store.match(OFFLINE))) || Response.error()
  }
}
async function asset (request) {
  const store = await caches.open(STORE)
  const kept = await store.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok && /immutable/.test(answer.headers.get('Cache-Control') || '')) await store.put(request, answer.clone())
  return answer
}
self.addEventListener('fetch', (event) => {
  const request = event.request
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (/\.(svg|js|css|png|webp)$/.test(new URL(request.url).pathname)) event.respondWith(asset(request))
})
