import { tensor2d, zeros } from "@tensorflow/tfjs-core";
import { runningWasm } from "../gpu/running.ts";
import { linear } from "./linear/linear.ts";
import { startThreads, threadsAtWork } from "./wasm-kernels.ts";

/** Rows and width of the product that is timed: some ten milliseconds on one core. */
const ROWS = 256;
const WIDTH = 512;
const REPEATS = 4;
/** A smaller number of threads has to be faster by this share: two measurements of the same differ by less, but on a machine that is busy with something else. */
const CLEARLY = 0.85;

/**
 * Starts the threads that the wasm backend may have and keeps as many at work as multiply fastest here: all, all but one,
 * or half of them, as cores that share their units gain nothing. Results do not depend on the number.
 */
export async function startFastestThreads(): Promise<void> {
  await startThreads();
  const { threads } = runningWasm();
  const most = threadsAtWork();
  if (most === 1) return;
  const numbers = [...new Set([most, most - 1, Math.ceil(most / 2)])];
  threads.count = fastest(numbers.map((count) => ({ count, ms: timeOf(count) })));
}

/** The number that was fastest; of nearly equal ones the first. */
export function fastest(timed: readonly { count: number; ms: number }[]): number {
  const [first, ...others] = timed;
  if (!first) throw new Error("No number of threads was timed.");
  return others.reduce((best, one) => (one.ms < CLEARLY * best.ms ? one : best), first).count;
}

/** The shortest time of a product with this number of threads. */
function timeOf(count: number): number {
  runningWasm().threads.count = count;
  const [x, weight, bias] = [
    zeros([ROWS, WIDTH]),
    tensor2d(new Float32Array(WIDTH * WIDTH), [WIDTH, WIDTH]),
    zeros([WIDTH]),
  ];
  let shortest = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const from = performance.now();
    linear(x, weight, bias, ROWS).dispose();
    shortest = Math.min(shortest, performance.now() - from);
  }
  for (const held of [x, weight, bias]) held.dispose();
  return shortest;
}
