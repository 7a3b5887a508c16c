import { mostDeviceBytes } from "../plan/page-limit.ts";
import type { Session } from "./session.ts";
import { type Spawn, WorkerSession } from "./worker-session.ts";

/** Makes the page's session, whose workers start when they are first needed. */
export function createSession(): Session {
  const session = new WorkerSession(spawnWorker, tokenizerCount(), mostDeviceBytes(navigator));
  document.addEventListener("visibilitychange", () => session.pageSeen(!document.hidden));
  return session;
}

/** Number of tokenizer workers for this machine: one core is left to the page, and more than four gain nothing. */
export function tokenizerCount(): number {
  return Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
}

/** Starts a worker. Each address is written out, since the bundler finds workers only so. */
export const spawnWorker: Spawn = (kind) => {
  switch (kind) {
    case "data":
      return new Worker(new URL("./data.worker.ts", import.meta.url), { type: "module", name: kind });
    case "tokenize":
      return new Worker(new URL("./tokenize.worker.ts", import.meta.url), { type: "module", name: kind });
    case "train":
      return new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module", name: kind });
    case "layout":
      return new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module", name: kind });
    case "thread":
      return new Worker(new URL("../ops/wasm-thread.worker.ts", import.meta.url), { type: "module", name: kind });
  }
};
