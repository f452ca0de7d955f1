// The service worker: keeps the page's own files, so that it works without the net. The build fills in
// the two lines below (vite.config.js). Nothing that was pasted or dropped ever comes here.

const VERSION = "";
const FILES = [];

const CACHE = `bouncelens ${VERSION}`;

// No `skipWaiting`: a page that is open goes on with the files that it began with.
addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES))));

addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => clients.claim())));

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("bouncelens ") && name !== CACHE).map((name) => caches.delete(name)),
  );
}

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});

/** Files with a hash in their names never change; all else is asked for, and kept for when there is no answer. */
async function answer(request) {
  const kept = await caches.match(request.mode === "navigate" ? "./" : request, { cacheName: CACHE });
  if (kept && request.url.includes("/assets/")) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
