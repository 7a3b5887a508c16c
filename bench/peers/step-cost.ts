import { median } from "../../src/metrics/spread.ts";
import type { Rows } from "../inputs/model-shape.ts";
import type { Peer } from "./peer.ts";

/** A training step as it was repeated, each time alone and to its very end. */
export interface StepCost {
  /** Milliseconds from the call until everything is computed and the loss is read. */
  minMs: number;
  medianMs: number;
  /** The least of them until the step was recorded and JavaScript was free again. */
  jsMs: number;
  repeats: number;
}

/** Repeats a step of a peer after its first step, which compiles kernels and allocates moments. */
export async function repeatStep(peer: Peer, rows: Rows, repeats: number): Promise<StepCost> {
  const ms: number[] = [];
  let jsMs = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const pending = peer.step(rows);
    jsMs = Math.min(jsMs, performance.now() - start);
    await pending.loss();
    ms.push(performance.now() - start);
  }
  return { minMs: Math.min(...ms), medianMs: median(ms), jsMs, repeats };
}

/** The time of steps by the clock and of the processor, in milliseconds: the least of several, each to its very end. */
export interface StepTime {
  ms: number;
  /** The time of all threads of the process; other work on the machine hardly changes it. */
  processorMs: number;
}

/** Repeats a step of a peer after its first step. */
export async function leastTime(peer: Peer, rows: Rows, repeats: number): Promise<StepTime> {
  let [ms, processorMs] = [Infinity, Infinity];
  for (let i = 0; i < repeats; i++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    await peer.step(rows).loss();
    const { user, system } = process.cpuUsage(used);
    ms = Math.min(ms, performance.now() - start);
    processorMs = Math.min(processorMs, (user + system) / 1000);
  }
  return { ms, processorMs };
}

/** Losses of the next steps. */
export async function lossesOf(peer: Peer, rows: Rows, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await peer.step(rows).loss());
  return losses;
}

/** @throws Error when two peers' losses are further apart than `tolerance` */
export function requireEqual(
  name: string,
  losses: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - (losses[i] ?? NaN))));
  if (worst <= tolerance) return;
  throw new Error(`The losses differ by ${worst}: ${name} ${losses.join(", ")}, ours ${expected.join(", ")}.`);
}

export function tokensOf(rows: Rows): number {
  return rows.ids.reduce((sum, row) => sum + row.length, 0);
}
