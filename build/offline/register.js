// Registers the service worker after the page has loaded, where the browser allows one (https and localhost).
if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker
      .register("./service-worker.js")
      .catch((error) => console.warn("The page will not work without a network.", error));
  });
}
