// Keeps the page usable without a network once it has been open. The build puts the list of files and the version in.
// A new version waits, as browsers have it, until the last tab is closed: a tab that trains must not lose its chunks.

/** @type {{ version: string, shell: string[], later: string[] }} */
const built = JSON.parse('{"version":"","shell":[],"later":[]}');
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const prefix = "tabtune-";
/** The page and its first scripts: fetched ahead. All else: fetched once the page has loaded. */
const programCache = `${prefix}program-${built.version}`;
/** The sample and the starter model, which outlive a version. */
const sampleCache = `${prefix}samples`;

/**
 * What was kept, or undefined. Servers that say "Vary: Origin" mean other origins; there is but one here.
 *
 * @param {RequestInfo} request @param {string} cacheName
 */
function kept(request, cacheName) {
  return caches.match(request, { cacheName, ignoreVary: true });
}

/**
 * Fetches and keeps what came whole. The page reads its answer at the same time: were the copy waited for, a large file
 * (the starter model) would fill the buffers between the two and never end in Chromium.
 *
 * @param {FetchEvent} event @param {string} cacheName
 */
async function fetchAndKeep(event, cacheName) {
  const { request } = event;
  const response = await fetch(request);
  if (response.status === 200) event.waitUntil(put(request, response.clone(), cacheName));
  return response;
}

/** What came must reach the page even where nothing more can be stored. @param {Request} request @param {Response} response @param {string} cacheName */
async function put(request, response, cacheName) {
  try {
    const cache = await caches.open(cacheName);
    await cache.put(request, response);
  } catch (error) {
    console.warn("Not kept for use without a network.", error);
  }
}

/** Files whose names carry a hash never change. @param {FetchEvent} event */
async function keptFirst(event) {
  return (await kept(event.request, programCache)) ?? fetchAndKeep(event, programCache);
}

/** Files that may change under the same name. @param {FetchEvent} event */
async function networkFirst(event) {
  try {
    return await fetchAndKeep(event, sampleCache);
  } catch (error) {
    const copy = await kept(event.request, sampleCache);
    if (copy) return copy;
    throw error;
  }
}

/** The page itself, of the same version as its scripts. @param {Request} request */
async function page(request) {
  return (await kept("./index.html", programCache)) ?? fetch(request);
}

/** A path below the page's address. @param {string} url */
function pathOf(url) {
  const { scope } = worker.registration;
  return url.startsWith(scope) ? new URL(url.slice(scope.length), "http://below/").pathname.slice(1) : "";
}

/** @param {string} path */
const isAsset = (path) => path.startsWith("assets/") || built.shell.includes(`./${path}`);
/** @param {string} path */
const isSample = (path) => path.startsWith("sample/") || path.startsWith("starter/");

/** Keeps those of the files that a page fetched before this worker stood between. @param {string[]} urls */
async function keep(urls) {
  for (const url of urls) {
    const path = pathOf(url);
    const cacheName = path.startsWith("assets/") ? programCache : isSample(path) ? sampleCache : null;
    if (cacheName === null || (await kept(url, cacheName))) continue;
    const request = new Request(url);
    const response = await fetch(request);
    if (response.status === 200) await put(request, response, cacheName);
  }
}

worker.addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (Array.isArray(urls)) event.waitUntil(keep(urls.map(String)));
  // Later a person may be without a network at a step that was never reached with one.
  if (event.data?.keepProgram)
    event.waitUntil(keep(built.later.map((url) => new URL(url, worker.registration.scope).href)));
});

// Where pages may show no notification themselves, on Android, a press on one comes here.
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const focus = async () => {
    const [page] = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    await page?.focus();
  };
  event.waitUntil(focus());
});

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(programCache).then((cache) => cache.addAll(built.shell)));
});

worker.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(prefix) && name !== programCache && name !== sampleCache);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  const path = pathOf(request.url);
  if (request.mode === "navigate" && (path === "" || path === "index.html")) event.respondWith(page(request));
  else if (isAsset(path)) event.respondWith(keptFirst(event));
  else if (isSample(path)) event.respondWith(networkFirst(event));
});
