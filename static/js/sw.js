/* Keeps pages marked X-Offline and hashed files; forgets them at sign-out. Its own page comes without cookies:
   a late answer would bring old ones back. */
'use strict'
const STORE = 'pages-1'
const OFFLINE = new URL(location).searchParams.get('offline')
const begin = async () => OFFLINE && (await caches.open(STORE)).add(new Request(OFFLINE, { credentials: 'omit' }))

addEventListener('install', (event) => { skipWaiting(); event.waitUntil(begin()) })
addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.delete(STORE).then(begin))
})

async function answer (request) {
  const store = await caches.open(STORE)
  const page = request.mode === 'navigate'
  const kept = !page && (await store.match(request))
  if (kept) return kept
  try {
    const fresh = await fetch(request)
    const keep = page ? fresh.headers.has('X-Offline') : /immutable/.test(fresh.headers.get('Cache-Control'))
    if (fresh.ok && keep) await store.put(request, fresh.clone())
    return fresh
  } catch (unreachable) {
    return (page && ((await store.match(request)) || (await store.match(OFFLINE || '')))) || Response.error()
  }
}
addEventListener('fetch', (event) => {
  const request = event.request
  if (request.method !== 'GET' || request.url.indexOf(location.origin + '/')) return
  if (request.mode === 'navigate' || /\.(svg|js|css)$/.test(request.url)) event.respondWith(answer(request))
})
