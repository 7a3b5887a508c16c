import "@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels.js";
import type { Peer, PeerSettings } from "./peer.ts";
import { LEARNING_RATE } from "./peer.ts";
import { StockTfjsStep } from "./stock-tfjs-step.ts";

/** Stock tfjs. Importing this file registers the stock webgpu kernels, for every webgpu backend of the process. */
export function stockPeer({ shape, weights, dropout }: PeerSettings): Peer {
  const stock = new StockTfjsStep(shape, weights, LEARNING_RATE, dropout);
  return {
    step(rows) {
      const length = Math.max(...rows.ids.map((row) => row.length));
      const pending = stock.step(rows, length);
      return {
        async loss() {
          const [value = NaN] = await pending.data();
          pending.dispose();
          return value;
        },
      };
    },
    dispose: () => stock.dispose(),
  };
}
