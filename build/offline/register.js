// Registers the service worker after the page has loaded, where the browser allows one (https and localhost).
if ("serviceWorker" in navigator) {
  const { serviceWorker } = navigator;
  if (!serviceWorker.controller) {
    // The first visit: what was asked for before the service worker took over goes past it, also when it comes later.
    // It is told what that was.
    const tell = () => {
      const takenOver = performance.now();
      new PerformanceObserver((list) => {
        const past = list.getEntries().filter(({ startTime }) => startTime <= takenOver);
        if (past.length > 0) serviceWorker.controller?.postMessage({ keep: past.map(({ name }) => name) });
      }).observe({ type: "resource", buffered: true });
    };
    serviceWorker.addEventListener("controllerchange", tell, { once: true });
  }
  addEventListener("load", () => {
    serviceWorker
      .register("./service-worker.js")
      .then(() => serviceWorker.ready)
      .then(({ active }) => active?.postMessage({ keepProgram: true }))
      .catch((error) => console.warn("The page will not work without a network.", error));
  });
}
