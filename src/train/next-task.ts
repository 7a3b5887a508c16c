import { runningDevice } from "../gpu/running.ts";

/**
 * Lets messages in between two steps of work. A message channel, not a timer: browsers slow timers down in tabs that
 * are not seen, and training must go on there. On an outline nothing may come in between.
 */
export function nextTask(): Promise<void> {
  if (!runningDevice().computes) return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
