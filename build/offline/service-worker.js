// Keeps the page usable without a network once it has been open. The build puts the list of files and the version in.
// A new version waits, as browsers have it, until the last tab is closed: a tab that trains must not lose its chunks.

/** @type {{ version: string, shell: string[] }} */
const built = JSON.parse('{"version":"","shell":[]}');
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const prefix = "tabtune-";
/** The page and its first scripts: fetched ahead. Charts, workers, tfjs and wasm: kept once they were asked for. */
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

/** Fetches and keeps what came whole. @param {Request} request @param {string} cacheName */
async function fetchAndKeep(request, cacheName) {
  const response = await fetch(request);
  if (response.status === 200) {
    const copy = response.clone();
    const cache = await caches.open(cacheName);
    // What came must reach the page even where nothing more can be stored.
    await cache.put(request, copy).catch((error) => console.warn("Not kept for use without a network.", error));
  }
  return response;
}

/** Files whose names carry a hash never change. @param {Request} request */
async function keptFirst(request) {
  return (await kept(request, programCache)) ?? fetchAndKeep(request, programCache);
}

/** Files that may change under the same name. @param {Request} request */
async function networkFirst(request) {
  try {
    return await fetchAndKeep(request, sampleCache);
  } catch (error) {
    const copy = await kept(request, sampleCache);
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
  const samples = urls.filter((url) => isSample(pathOf(url))).map((url) => new Request(url));
  const assets = urls.filter((url) => pathOf(url).startsWith("assets/")).map((url) => new Request(url));
  await Promise.all([
    ...assets.map((request) => keptFirst(request)),
    ...samples.map(async (request) => (await kept(request, sampleCache)) ?? fetchAndKeep(request, sampleCache)),
  ]);
}

worker.addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (Array.isArray(urls)) event.waitUntil(keep(urls.map(String)));
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
  else if (isAsset(path)) event.respondWith(keptFirst(request));
  else if (isSample(path)) event.respondWith(networkFirst(request));
});
