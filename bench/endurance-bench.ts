import { memory } from "@tensorflow/tfjs-core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startNodeBackend } from "../src/cli/node-backend.ts";
import { bytesHeld } from "../src/gpu/memory.ts";
import { defaultRecipe, type Recipe } from "../src/recipe/recipe.ts";
import { Run } from "../src/run/run.ts";
import { RunControl } from "../src/train/control.ts";
import { number, table } from "./markdown.ts";
import { miniLm } from "./minilm-shape.ts";
import { openRandomModel } from "./random-checkpoint.ts";
import { randomDataset } from "./random-dataset.ts";

/** What a run holds after a step, garbage collected. */
export interface Held {
  step: number;
  tensors: number;
  /** Of tensors: on the GPU, pooled buffers included, or in the backend's heap. */
  bytes: number;
  /** JavaScript's objects, and what of the process is in main memory. */
  heap: number;
  resident: number;
  /** Events that the run keeps for its files and charts. */
  events: number;
}

export interface Endurance {
  backend: string;
  adapter: string;
  /** Lengths of batches, in tokens, that the run met. */
  lengths: number;
  seconds: number;
  held: Held[];
}

const BACKENDS = ["wasm", "webgpu"] as const;
const [TRAIN_ROWS, ROWS_A_STEP, EPOCHS] = [400, 4, 200];
const STEPS = (TRAIN_ROWS / ROWS_A_STEP) * EPOCHS;
const LOOKS = 10;
const VOCABULARY = 500;
const shape = { layers: 1, hidden: 32, heads: 2, intermediate: 64, vocabulary: VOCABULARY, positions: 32 };
const recipe: Recipe = {
  ...defaultRecipe,
  batchSize: ROWS_A_STEP,
  epochs: EPOCHS,
  maxLength: 32,
  evaluationsPerEpoch: 2,
};

/**
 * What a run of 20,000 steps of a tiny model comes to hold: batches of ever other lengths, two evaluations an epoch and
 * the copies of the best weights among them.
 *
 * @param log takes a line of progress; the whole takes some minutes
 */
export async function benchEndurance(log: (line: string) => void): Promise<Endurance[]> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const results: Endurance[] = [];
  for (const backend of BACKENDS) {
    const { adapter } = await startNodeBackend(backend);
    const opened = await openRandomModel({ ...miniLm, ...shape }, 1);
    const train = randomDataset(TRAIN_ROWS, [3, 24], VOCABULARY, 1);
    const validation = randomDataset(40, [3, 24], VOCABULARY, 2);
    const run = await Run.load({ opened, recipe, labelNames: ["a", "b"], train, validation }, new RunControl());
    const lengths = new Set<number>();
    const held: Held[] = [];
    const start = performance.now();
    for await (const event of run.events()) {
      if (event.type !== "step") continue;
      lengths.add(event.tokens);
      if (event.step % (STEPS / LOOKS) !== 0) continue;
      collectGarbage();
      const { heapUsed: heap, rss: resident } = process.memoryUsage();
      const tensors = memory().numTensors;
      held.push({ step: event.step, tensors, bytes: bytesHeld(), heap, resident, events: run.history.length });
      log(`${backend}: ${JSON.stringify(held.at(-1))}`);
    }
    run.dispose();
    results.push({ backend, adapter, lengths: lengths.size, seconds: (performance.now() - start) / 1000, held });
  }
  return results;
}

/** The section's part of RESULTS.md. */
export function endurancePage(results: Endurance[]): string {
  const megabytes = (bytes: number) => number(bytes / 1e6, 2);
  return [
    `## ${number(STEPS)} steps`,
    `A run of a tiny model (one layer of 32) through all that \`fit\` does: ${EPOCHS} epochs of ${TRAIN_ROWS / ROWS_A_STEP} steps, two evaluations each. What it holds after so many steps, garbage collected; events are kept for the charts and the run's files, and are what grows in JavaScript's heap.`,
    ...results.map(({ backend, adapter, lengths, seconds, held }) =>
      [
        `${backend} (${adapter}), batches of ${lengths} lengths, ${number(seconds)} s:`,
        table(
          ["after step", "tensors", "MB of tensors", "events", "MB of JavaScript", "MB of the process"],
          held.map(({ step, tensors, bytes, events, heap, resident }) => [
            number(step),
            number(tensors),
            megabytes(bytes),
            number(events),
            megabytes(heap),
            megabytes(resident),
          ]),
        ),
      ].join("\n\n"),
    ),
  ].join("\n\n");
}
