import type { BrowserAnswer } from "./messages.ts";

window.measureStep = (one) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./step.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<BrowserAnswer>) => {
      if ("result" in data) resolve(data.result);
      else reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => reject(new Error(message || "The worker could not be loaded."));
    worker.postMessage(one);
  });
