import type { BrowserAnswer } from "./messages.ts";

function startThread(start: unknown): void {
  const thread = new Worker(new URL("../../../src/ops/wasm-thread.worker.ts", import.meta.url), { type: "module" });
  thread.postMessage(start);
}

window.measureStep = (one) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./step.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<BrowserAnswer>) => {
      if ("start" in data) startThread(data.start);
      else if ("result" in data) resolve(data.result);
      else reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => reject(new Error(message || "The worker could not be loaded."));
    worker.postMessage(one);
  });
