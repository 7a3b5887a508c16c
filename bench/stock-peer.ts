import { LEARNING_RATE, type Peer, type PeerSettings } from "./peer.ts";
import { StockTfjsStep } from "./stock-tfjs-step.ts";

/**
 * Stock tfjs on the backend that is set, whose stock kernels must be registered.
 *
 * @param padded tokens to which rows are padded at least; they are padded to the longest of them anyhow
 */
export function stockPeer({ shape, weights, dropout }: PeerSettings, padded = 0): Peer {
  const stock = new StockTfjsStep(shape, weights, LEARNING_RATE, dropout);
  return {
    step(rows) {
      const length = Math.max(padded, ...rows.ids.map((row) => row.length));
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
