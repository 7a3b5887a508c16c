// Registers the service worker after the page has loaded, where the browser allows one (https and localhost).
if ("serviceWorker" in navigator) {
  const { serviceWorker } = navigator;
  if (!serviceWorker.controller) {
    // The first visit: what came before the service worker took over went past it. It is told what that was.
    const tell = () => {
      const urls = performance.getEntriesByType("resource").map(({ name }) => name);
      serviceWorker.controller?.postMessage({ keep: urls });
    };
    serviceWorker.addEventListener("controllerchange", tell, { once: true });
  }
  addEventListener("load", () => {
    serviceWorker
      .register("./service-worker.js")
      .catch((error) => console.warn("The page will not work without a network.", error));
  });
}
