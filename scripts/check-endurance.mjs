// Runs the bench of thousands of steps and fails when what a run holds grows with its steps (events excepted, which are
// kept for the charts and the run's files).
import { spawnSync } from "node:child_process";

/** @typedef {{ step: number, tensors: number, bytes: number, heap: number, events: number, lengths: number }} Held */
/** @typedef {{ backend: string, held: Held[] }} Endurance */

/** More than this for one event in JavaScript's heap is a leak: an event takes about 250 bytes. */
const BYTES_PER_EVENT = 512;
/** By how many bytes the heap of a run that keeps nothing else may differ between two looks. */
const HEAP_NOISE = 4e6;

/**
 * What grew between a tenth of the run and its end; also when the last half met lengths of batches that the first had
 * not, since then less is known about the first.
 *
 * @param {Endurance} run @returns {string[]}
 */
export function growth({ backend, held }) {
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last || held.length < 2) return [`${backend}: nothing was measured`];
  const found = [];
  if (last.tensors > first.tensors) found.push(`${backend}: tensors from ${first.tensors} to ${last.tensors}`);
  if (last.bytes > first.bytes * 1.05) found.push(`${backend}: tensor bytes from ${first.bytes} to ${last.bytes}`);
  const allowed = (last.events - first.events) * BYTES_PER_EVENT + HEAP_NOISE;
  if (last.heap - first.heap > allowed) found.push(`${backend}: heap from ${first.heap} to ${last.heap} bytes`);
  const half = held.find(({ step }) => step * 2 >= last.step) ?? last;
  if (last.lengths > half.lengths) {
    found.push(`${backend}: batches of ${half.lengths} lengths in the first half, of ${last.lengths} in all`);
  }
  return found;
}

if (import.meta.filename === process.argv[1]) {
  const command = ["scripts/program.mjs", "bench", "--only", "endurance"];
  const child = spawnSync(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  /** @type {Endurance[]} */
  const runs = child.status === 0 ? JSON.parse(child.stdout) : [];
  const found = runs.flatMap(growth);
  for (const { backend, held } of runs) console.log(backend, JSON.stringify(held.at(-1)));
  for (const line of found) console.error(line);
  process.exitCode = runs.length > 0 && found.length === 0 ? 0 : 1;
}
