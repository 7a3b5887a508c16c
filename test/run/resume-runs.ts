import { expect } from "vitest";
import type { EncodedDataset } from "../../src/data/rows.ts";
import type { LazyNumbers } from "../../src/io/state-tree.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { Run, type RunInput } from "../../src/run/run.ts";
import type { RunState } from "../../src/run/saved-run.ts";
import { defaultTrainedTask, trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { learnableRows } from "../train/learnable-rows.ts";

const labelNames = ["a", "b", "c"];
const [train, validation] = [learnableRows(44, 1), learnableRows(15, 2)];
const base: Recipe = {
  ...defaultRecipe,
  learningRate: 1e-3,
  batchSize: 8,
  accumulate: 2,
  epochs: 3,
  evaluationsPerEpoch: 2,
  evaluationSample: 16,
  maxLength: 48,
  baseline: false,
  headStart: "random",
};

interface ResumedCase {
  recipe?: Partial<Recipe>;
  input?: Partial<RunInput>;
}

/** Several labels for the same rows: that of the class, and one that every other row has. */
function severalLabels({ labels, ...rows }: EncodedDataset): EncodedDataset {
  const marks = [...labels].flatMap((label, row) => [Number(label === 0), Number(label === 1), row % 2]);
  return { ...rows, labels: Float32Array.from(marks), labelWidth: 3 };
}

const multiLabel = {
  task: trainedTaskNamed("multi-label"),
  train: severalLabels(train),
  validation: severalLabels(validation),
};
const numbers = ({ labels, ...rows }: EncodedDataset): EncodedDataset => ({
  ...rows,
  labels: Float32Array.from(labels, (label) => 10 + 2.5 * label),
});
const regression = {
  task: trainedTaskNamed("regression"),
  labelNames: [],
  train: numbers(train),
  validation: numbers(validation),
};
const earlier = { task: defaultTrainedTask, labelNames, train: learnableRows(20, 3), validation: learnableRows(9, 4) };
const plateau: Partial<Recipe> = { schedule: "plateau", plateauPatience: 0, learningRate: 0.05 };

/** What must go on as if nothing had happened, each in runs of their own. */
export const resumedCases: Record<string, ResumedCase> = {
  "all weights, with dropout and accumulation": {},
  "a head from a probe, and a baseline": { recipe: { headStart: "probe", baseline: true } },
  LoRA: { recipe: { loraRank: 2, learningRate: 0.02 } },
  "a moving average": { recipe: { ema: 0.9 } },
  "EWC and rehearsal": { recipe: { ewc: 10, rehearsal: 0.25 }, input: { earlier } },
  "L2-SP and a mean of checkpoints": { recipe: { l2sp: 0.1, average: "best", averageCount: 2 } },
  "a plateau": { recipe: plateau },
  "early stopping": { recipe: { epochs: 6, learningRate: 0.05, earlyStopping: 2, leastGain: 0.01 } },
  "gradual unfreezing, R-Drop and rates by layer": { recipe: { gradualUnfreezing: true, rDrop: 1, layerDecay: 0.9 } },
  "pretraining before": { recipe: { pretrainEpochs: 1, epochs: 2, l2sp: 0.1, frozen: ["embeddings."] } },
  "a frozen encoder": { recipe: { frozen: ["embeddings.", "encoder."], headStart: "probe" } },
  "several labels with tuned thresholds, and a data map": {
    recipe: { dataMap: true, thresholds: "bestF1", baseline: true },
    input: multiLabel,
  },
  numbers: { recipe: { dataMap: true }, input: regression },
};

export function inputOf(name: string, opened: RunInput["opened"]): RunInput {
  const { recipe, input } = resumedCases[name] ?? {};
  return { opened, recipe: { ...base, ...recipe }, labelNames, train, validation, ...input };
}

/** A copy of a state, with what is read when it is written out: what a file of it would give back. */
export async function written<T>(state: T): Promise<T> {
  return (await read(state)) as T;
}

async function read(value: unknown): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return Promise.all(value.map(read));
  if ("kind" in value && value.kind === "lazy") {
    const lazy = value as LazyNumbers;
    const whole = new Float32Array(lazy.length);
    let at = 0;
    for await (const piece of lazy.pieces()) {
      whole.set(piece, at);
      at += piece.length;
    }
    expect(at).toBe(lazy.length);
    return whole;
  }
  const entries: [string, unknown][] = [];
  for (const [key, own] of Object.entries(value)) entries.push([key, await read(own)]);
  return Object.fromEntries(entries);
}

/** Saves a run after each of some moments: "3" is after the third step, "pretraining 2" after the second of that. */
class Keeper {
  readonly states = new Map<string, RunState>();
  private moment = "";

  constructor(private readonly wanted: readonly string[]) {}

  isDue = (moment: string, step: number): boolean => {
    this.moment = moment;
    return this.wanted.some((one) => one.endsWith(`${step}`) || one === moment);
  };

  async latest(): Promise<RunState | null> {
    return [...this.states.values()].at(-1) ?? null;
  }

  async save(state: RunState): Promise<void> {
    const phase = state.phase === "pretraining" ? "pretraining " : "";
    const copy = await written(state);
    for (const name of [`${phase}${state.training.step}`, this.moment])
      if (this.wanted.includes(name) && !this.states.has(name)) this.states.set(name, copy);
  }
}

/** An event without its times. */
const timeless = (event: TrainEvent) => ({ ...event, wallMs: 0, trainingMs: 0 });
/** How often memory and progress are reported depends on the clock, and what reads rows once reads them again. */
const isLasting = ({ type }: TrainEvent) => !["memory", "probe", "features", "dataMap", "consolidation"].includes(type);

/** All that a run leaves but its times: events, scores by both weights, and the weights themselves. */
async function endOf(run: Run, validation: EncodedDataset) {
  const events = run.history.filter(isLasting).map(timeless);
  const weights: unknown[] = [];
  for (const which of ["best", "last"] as const) {
    const { report, scores } = await run.results(which);
    weights.push({ report, scores, logits: await run.logits(validation, which) });
  }
  return { events, weights, map: run.dataMap, against: run.againstBaseline };
}

/**
 * Trains once, saved after some moments, and once more from each of these saves; expects the same bits of all that a run
 * leaves.
 */
export async function expectSameAfterResume(input: RunInput, moments: readonly string[]): Promise<void> {
  const saver = new Keeper(moments);
  const whole = await Run.load(input, new RunControl(), undefined, { saver });
  for await (const event of whole.events()) expect(event.type).not.toBe("failed");
  const expected = await endOf(whole, input.validation);
  whole.dispose();
  expect([...saver.states.keys()].sort()).toEqual([...moments].sort());
  for (const [moment, resumed] of saver.states) {
    const run = await Run.load(input, new RunControl(), undefined, { resumed });
    expect(run.history).toEqual(resumed.history);
    for await (const { type } of run.events())
      if (resumed.phase === "fine-tuning") expect(type, "what came before").not.toBe("plan");
    expect(await endOf(run, input.validation), `from the save ${moment}`).toEqual(expected);
    run.dispose();
  }
}
