// The service worker: keeps our built files and the offline page, shows what is pushed, opens its place.
// Pages are never kept: they are private, and the database is the truth.
/* global FILES, ICON, VERSION -- put in by the build */
const CACHE = `kinmarket-${VERSION}`;
const OFFLINE = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES);
      // Without the cookie: the page that is kept is nobody's.
      const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
      if (page.ok) await cache.put(OFFLINE, page);
      // Names of files carry their hash, so a new worker never mixes old and new.
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("kinmarket-") && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match(OFFLINE);
    if (kept) return kept;
    throw problem;
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const found = await fetch(request);
  // A hash in the name: what is kept is right for good.
  if (found.ok && /-[0-9a-zA-Z]{8,10}\.\w+$/.test(new URL(request.url).pathname)) {
    const cache = await caches.open(CACHE);
    await cache.put(request, found.clone());
  }
  return found;
}

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A push must be shown even when it cannot be read.
  }
  event.waitUntil(
    self.registration.showNotification(told.title || "Kinmarket", {
      body: told.body || "",
      tag: told.tag,
      icon: ICON,
      badge: ICON,
      data: { url: ours(told.url) },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url || "/notifications", location.origin);
  event.waitUntil(
    (async () => {
      const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const there = open.find((one) => new URL(one.url).pathname === target.pathname);
      if (there) return there.focus();
      if (open.length && "navigate" in open[0]) {
        await open[0].focus();
        return open[0].navigate(target.href);
      }
      return self.clients.openWindow(target.href);
    })(),
  );
});

function ours(path) {
  return typeof path === "string" && /^\/(?![/\\])/.test(path) ? path : "/notifications";
}
