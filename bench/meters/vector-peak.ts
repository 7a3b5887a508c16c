import { hasRelaxedSimd } from "../../src/ops/kernel-module.ts";
import plain from "./vector-peak.as";
import relaxed from "./vector-peak.as?relaxed";

const TURNS = 4_000_000;
const REPEATS = 5;

/**
 * The processor's limit for WebAssembly on one thread, in GFLOP/s: products and sums of vectors of 128 bits in registers
 * alone, with relaxed SIMD where the engine has it. The fastest of a few measurements.
 *
 * @throws {Error} when the module's sum is wrong
 */
export function vectorPeak(): number {
  const bytes = Uint8Array.from(atob(hasRelaxedSimd() ? relaxed : plain), (letter) => letter.charCodeAt(0));
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  const { multiplyAndAdd, operationsPerTurn } = exports as {
    multiplyAndAdd: (turns: number, x: number) => number;
    operationsPerTurn: () => number;
  };
  // Each of the ten sums tends to 2: x + x/2 + x/4 …
  const total = multiplyAndAdd(1_000_000, 1);
  if (Math.abs(total - 20) > 1e-3) throw new Error(`The sums of the peak's measurement are ${total}, not 20.`);
  let best = Infinity;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    multiplyAndAdd(TURNS, 1);
    best = Math.min(best, performance.now() - start);
  }
  return (TURNS * operationsPerTurn()) / (best * 1e6);
}
