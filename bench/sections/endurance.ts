import { memory } from "@tensorflow/tfjs-core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { Run } from "../../src/run/run.ts";
import { RunControl } from "../../src/train/control.ts";
import { number, table } from "../runner/tables.ts";
import { miniLm, randomDataset } from "../inputs/model-shape.ts";
import { openRandomModel } from "../inputs/checkpoints.ts";

/** What a run holds after a step and a garbage collection. */
interface Held {
  step: number;
  tensors: number;
  /** Bytes of tensors: on the GPU, pooled buffers included, or in the backend's heap. */
  bytes: number;
  /** JavaScript's objects, and what of the process is in main memory. */
  heap: number;
  resident: number;
  /** Events that the run keeps for its files and charts. */
  events: number;
  /** Lengths of batches, in tokens, that the run has met so far. */
  lengths: number;
}

interface Endurance {
  backend: string;
  adapter: string;
  /** Lengths of batches, in tokens, that the run met. */
  lengths: number;
  seconds: number;
  held: Held[];
}

/**
 * 20,000 steps on wasm, and 6,000 on webgpu, where a step on a software adapter takes 40 times as long. Batches of every
 * possible length come up within the first 2,000, and a run of 20,000 on webgpu held no more at its end than then.
 */
const RUNS = [
  { backend: "wasm", epochs: 200 },
  { backend: "webgpu", epochs: 60 },
] as const;
const [TRAIN_ROWS, ROWS_A_STEP] = [200, 2];
const STEPS_AN_EPOCH = TRAIN_ROWS / ROWS_A_STEP;
const LOOKS = 10;
const ROW_LENGTHS: [number, number] = [3, 32];
const VOCABULARY = 500;
const shape = { layers: 1, hidden: 32, heads: 2, intermediate: 64, vocabulary: VOCABULARY, positions: 32 };
const tinyRecipe: Recipe = { ...defaultRecipe, batchSize: ROWS_A_STEP, maxLength: 32, evaluationsPerEpoch: 2 };

/**
 * What thousands of steps of a tiny model come to hold: batches of all lengths, two evaluations an epoch and the
 * copies of the best weights among them.
 *
 * @param log takes a line of progress; the whole takes some minutes
 */
export async function benchEndurance(log: (line: string) => void): Promise<Endurance[]> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const results: Endurance[] = [];
  for (const { backend, epochs } of RUNS) {
    const every = (STEPS_AN_EPOCH * epochs) / LOOKS;
    const recipe = { ...tinyRecipe, epochs };
    const { adapter } = await startNodeBackend(backend);
    const opened = await openRandomModel({ ...miniLm, ...shape }, 1);
    const train = randomDataset(TRAIN_ROWS, ROW_LENGTHS, VOCABULARY, 1);
    const validation = randomDataset(40, ROW_LENGTHS, VOCABULARY, 2);
    const run = await Run.load({ opened, recipe, labelNames: ["a", "b"], train, validation }, new RunControl());
    const lengths = new Set<number>();
    const held: Held[] = [];
    const start = performance.now();
    for await (const event of run.events()) {
      if (event.type !== "step") continue;
      lengths.add(event.tokens);
      if (event.step % every !== 0) continue;
      collectGarbage();
      const { heapUsed: heap, rss: resident } = process.memoryUsage();
      const tensors = memory().numTensors;
      const events = run.history.length;
      held.push({
        step: event.step,
        tensors,
        bytes: runningDevice().bytesHeld,
        heap,
        resident,
        events,
        lengths: lengths.size,
      });
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
    "## Thousands of steps",
    `Runs of a tiny model (one layer of 32) through all that \`fit\` does: epochs of ${STEPS_AN_EPOCH} steps, two evaluations each. What a run holds after so many steps, garbage collected; events are kept for the charts and the run's files, and are what grows in JavaScript's heap.`,
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
