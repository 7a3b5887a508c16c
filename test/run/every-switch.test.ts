import { readerOf } from "../../src/tasks/targets.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { withMaskTokens, withCopies } from "../../src/data/augmentation/augmented-rows.ts";
import { prepareData } from "../../src/data/dataset.ts";
import { prepareEarlier } from "../../src/data/earlier.ts";
import { createRandom } from "../../src/data/random.ts";
import type { LabelledRows } from "../../src/data/rows.ts";
import { labelled } from "../../src/data/windows.ts";
import { openTable } from "../../src/data/table.ts";
import { fields, type FieldName } from "../../src/recipe/fields.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import type { RunState } from "../../src/run/saved-run.ts";
import { Diverged } from "../../src/train/loop.ts";
import { written } from "./resume-runs.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import { textSource } from "../io/model-folder.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../train/tiny-run.ts";
import { defaultTrainedTask, trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { columnsFor } from "../../src/workers/session.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const words = ["[MASK]", "##x", "##y", ...Array.from({ length: 990 }, (_, i) => `w${i}`)];
  opened = await openModel(
    await checkpointFiles(await tinyTensors(), { tokenizer: smallTokenizer(words).tokenizerJson }),
  );
});

/** Rows whose class shows in a word, half of them of the first class. */
function csv(labels: readonly string[], seed: number): string {
  const random = createRandom(seed);
  const rows = Array.from({ length: 40 }, (_, row) => {
    const label = row % 2 === 0 ? 0 : 1 + (Math.floor(row / 2) % 2);
    const words = Array.from({ length: 8 }, () => `w${Math.floor(60 * random())}${row % 3 === 0 ? "x" : ""}`);
    return `w${900 + label} ${words.join(" ")},${labels[label]}`;
  });
  return ["text,label", ...rows, ...messyRows(labels)].join("\n");
}

/** Rows on which each step of cleaning has something to do. */
function messyRows([first, second]: readonly string[]): string[] {
  const same = "w20 w21 w22 w23 w24 w25 w26";
  return [
    ...[`<b>w1</b> w2`, "w\uff14 w5", "w6 http://a.org/x", "w7 @w8", "w9 12.5", "\u00ad", "?!"].map(
      (text) => `${text},${first}`,
    ),
    ...[
      `${same},${first}`,
      `${same},${first}`,
      `${same.toUpperCase()},${first}`,
      `w30 w31,${first}`,
      `w30 w31,${second}`,
    ],
  ];
}

const columns = { text: 0, pair: null, label: 1 };

/** A recipe's input, from files on: what tokenizing and splitting make of it is the recipe's too. */
async function inputOf(recipe: Recipe, hasEarlier: boolean) {
  const tokenizer = createTokenizer(opened.tokenizer);
  const split = {
    readerOf,
    share: recipe.validationShare,
    seed: recipe.seed,
    testShare: recipe.testShare,
    validationTable: null,
  };
  const encoded = (rows: LabelledRows) => labelled(encodeRows(rows.texts, null, recipe, tokenizer), rows);
  const table = await openTable(
    textSource("rows.csv", csv(recipe.task === "regression" ? ["1", "2", "4"] : ["a", "b", "c"], 1)),
  );
  const data = prepareData(table, columnsFor(columns, recipe), {
    ...split,
    steps: recipe,
    augmentation: recipe,
  });
  const copies = withMaskTokens(data.copies, "[MASK]");
  const { validation, summary } = data;
  const train = withCopies(data.train, copies);
  const input = {
    ...{ task: trainedTaskNamed(summary.task), opened, recipe, labelNames: summary.labelNames },
    ...{ train: encoded(train), validation: encoded(validation) },
  };
  if (!hasEarlier) return input;
  const labelNames = opened.summary.labelNames ?? [];
  const old = prepareEarlier(await openTable(textSource("old.csv", csv(labelNames, 2))), columns, {
    ...split,
    labelNames,
  });
  return {
    ...input,
    earlier: { task: defaultTrainedTask, labelNames, train: encoded(old.train), validation: encoded(old.validation) },
  };
}

/** Everything that a run tells but its clock, what its weights then predict, and how its steps are made to fit. */
async function traceOf(recipe: Recipe, hasEarlier: boolean): Promise<string> {
  const input = await inputOf(recipe, hasEarlier);
  const states: RunState[] = [];
  const saver = {
    isDue: (moment: string) => moment === "epoch",
    latest: async () => states.at(-1) ?? null,
    save: async (state: RunState) => void states.push(await written(state)),
  };
  const run = await Run.load(input, new RunControl(), undefined, { saver });
  try {
    const told: unknown[] = [];
    try {
      for await (const event of run.events()) {
        // How often a probe says how far it is depends on the clock.
        if (event.type !== "memory" && event.type !== "probe") told.push({ ...event, wallMs: 0, trainingMs: 0 });
      }
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
    }
    const predicted = [];
    for (const weights of ["best", "last"] as const)
      predicted.push(...Object.values((await run.results(weights)).scores).map((part) => JSON.stringify(part)));
    predicted.push(JSON.stringify(run.taskOf("best").tabtuneConfig?.(input.labelNames)));
    const { checkpointing, mostTokens } = await memoryOf(input);
    return JSON.stringify([told, predicted, checkpointing, String(mostTokens)]);
  } finally {
    run.dispose();
  }
}

const base: Recipe = { ...tinyRecipe, batchSize: 4, evaluationSample: 4, learningRate: 2e-3 };

interface Switched {
  /** What the switch is set to. */
  to: Partial<Recipe>;
  /** What it needs to matter at all, in both runs. */
  given?: Partial<Recipe>;
  hasEarlier?: boolean;
}

const lora: Partial<Recipe> = { loraRank: 2, learningRate: 0.02 };
const pretrains: Partial<Recipe> = { pretrainEpochs: 1 };
const loses: Partial<Recipe> = { learningRate: 0.05, epochs: 6 };
const plateau: Partial<Recipe> = { ...loses, schedule: "plateau", plateauPatience: 0 };

/** An epoch at a rate of nearly nothing, and then steps that are far too large. */
const diverges: Partial<Recipe> = { learningRate: 1e37, batchSize: 40, warmupShare: 0.1, epochs: 8, baseline: false };

const switches: Record<FieldName, Switched> = {
  effort: { to: { effort: "quick" } },
  timeBudget: { to: { timeBudget: 1e-4 }, given: { effort: "time" } },
  learningRate: { to: { learningRate: 1e-3 } },
  epochs: { to: { epochs: 1 } },
  batchSize: { to: { batchSize: 8 } },
  maxLength: { to: { maxLength: 6 } },
  longTexts: { to: { longTexts: "head-and-tail" }, given: { maxLength: 6 } },
  windowOverlap: { to: { windowOverlap: 0 }, given: { maxLength: 6, longTexts: "windows", windowOverlap: 1 } },
  task: { to: { task: "multi-label" } },
  thresholds: { to: { thresholds: "bestF1" }, given: { task: "multi-label" } },
  huber: { to: { huber: 0.1 }, given: { task: "regression" } },
  start: { to: { start: "random" } },
  headStart: { to: { headStart: "probe" } },
  pooling: { to: { pooling: "mean" } },
  frozen: { to: { frozen: ["embeddings."] } },
  gradualUnfreezing: { to: { gradualUnfreezing: true } },
  reinitializeLayers: { to: { reinitializeLayers: 1 } },
  loraRank: { to: { loraRank: 4 } },
  loraAlpha: { to: { loraAlpha: 64 }, given: lora },
  loraDropout: { to: { loraDropout: 0.5 }, given: lora },
  loraTargets: { to: { loraTargets: ["intermediate"] }, given: lora },
  pretrainEpochs: { to: { pretrainEpochs: 1 } },
  pretrainLearningRate: { to: { pretrainLearningRate: 1e-3 }, given: pretrains },
  maskShare: { to: { maskShare: 0.5 }, given: pretrains },
  wholeWordMasking: { to: { wholeWordMasking: true }, given: { ...pretrains, maskShare: 0.3 } },
  schedule: { to: { schedule: "cosine" } },
  warmupShare: { to: { warmupShare: 0.5 } },
  warmupSteps: { to: { warmupSteps: 7 } },
  scheduleCycles: { to: { scheduleCycles: 3 }, given: { schedule: "cosine-restarts" } },
  schedulePower: { to: { schedulePower: 3 }, given: { schedule: "polynomial" } },
  plateauPatience: { to: { plateauPatience: 9 }, given: plateau },
  plateauFactor: { to: { plateauFactor: 0.5 }, given: { ...plateau, plateauFactor: 0.1 } },
  layerDecay: { to: { layerDecay: 0.5 } },
  weightDecay: { to: { weightDecay: 0.3 } },
  hiddenDropout: { to: { hiddenDropout: 0.5 } },
  attentionDropout: { to: { attentionDropout: 0.5 } },
  classifierDropout: { to: { classifierDropout: 0.5 } },
  labelSmoothing: { to: { labelSmoothing: 0.2 } },
  rDrop: { to: { rDrop: 1 }, given: { hiddenDropout: 0.1 } },
  l2sp: { to: { l2sp: 0.5 } },
  clipping: { to: { clipping: "value" }, given: { maxGradientNorm: 0.1, maxGradientValue: 0.01 } },
  maxGradientNorm: { to: { maxGradientNorm: 0.05 } },
  maxGradientValue: { to: { maxGradientValue: 0.001 }, given: { clipping: "value" } },
  ewc: { to: { ewc: 100 }, hasEarlier: true },
  ewcRows: { to: { ewcRows: 3 }, given: { ewc: 100 }, hasEarlier: true },
  rehearsal: { to: { rehearsal: 0.5 }, hasEarlier: true },
  bestBy: { to: { bestBy: "logLoss" } },
  earlyStopping: { to: { earlyStopping: 1 }, given: loses },
  leastGain: { to: { leastGain: 0.9 }, given: { earlyStopping: 1, bestBy: "logLoss", epochs: 5 } },
  ema: { to: { ema: 0.7 } },
  average: { to: { average: "last" } },
  averageCount: { to: { averageCount: 3 }, given: { average: "last", averageCount: 2, epochs: 3 } },
  classWeights: { to: { classWeights: "balanced" } },
  effectiveBeta: { to: { effectiveBeta: 0.5 }, given: { classWeights: "effective" } },
  focalGamma: { to: { focalGamma: 2 } },
  sampling: { to: { sampling: "oversample" } },
  cleanHtml: { to: { cleanHtml: true } },
  cleanUnicode: { to: { cleanUnicode: "NFKC" } },
  cleanUrls: { to: { cleanUrls: true } },
  cleanUsers: { to: { cleanUsers: true } },
  cleanNumbers: { to: { cleanNumbers: true } },
  cleanSpaces: { to: { cleanSpaces: true } },
  dropWordless: { to: { dropWordless: true } },
  contradictions: { to: { contradictions: "drop" } },
  dropDuplicates: { to: { dropDuplicates: true } },
  dropNearDuplicates: { to: { dropNearDuplicates: true } },
  nearTogether: { to: { nearTogether: true } },
  validationShare: { to: { validationShare: 0.4 } },
  dataMap: { to: { dataMap: true } },
  halveOnDivergence: { to: { halveOnDivergence: false }, given: diverges },
  calibrate: { to: { calibrate: true } },
  testShare: { to: { testShare: 0.3 } },
  baseline: { to: { baseline: false } },
  evaluationsPerEpoch: { to: { evaluationsPerEpoch: 4 } },
  evaluationSample: { to: { evaluationSample: 2 } },
  seed: { to: { seed: 7 } },
  augmentDeletion: { to: { augmentDeletion: 0.2 } },
  augmentSwap: { to: { augmentSwap: 0.2 } },
  augmentMask: { to: { augmentMask: 0.2 } },
  augmentTypos: { to: { augmentTypos: 0.2 } },
  augmentCase: { to: { augmentCase: 0.2 } },
  augmentCopies: { to: { augmentCopies: 2 }, given: { augmentDeletion: 0.2 } },
  augmentClasses: { to: { augmentClasses: "rare" }, given: { augmentDeletion: 0.2 } },
  precision: { to: { precision: "mixed" } },
  accumulate: { to: { accumulate: 2 } },
  checkpointing: { to: { checkpointing: "on" } },
  memoryLimit: { to: { memoryLimit: 1e-3 } },
  beta1: { to: { beta1: 0.5 } },
  beta2: { to: { beta2: 0.9 } },
  epsilon: { to: { epsilon: 1e-3 } },
  biasCorrection: { to: { biasCorrection: false } },
};

describe("every switch of a recipe", () => {
  const before = new Map<string, string>();

  it("leaves a run as it was, to the bit, where it is not touched", async () => {
    expect(await traceOf(base, false)).toBe(await traceOf({ ...base }, false));
  });

  it.each(Object.entries(switches))("changes what a run does: %s", async (field, { to, given, hasEarlier = false }) => {
    expect(Object.keys(to)).toEqual([field]);
    expect(Object.keys(fields)).toContain(field);
    const start = { ...base, ...given };
    const key = JSON.stringify([start, hasEarlier]);
    const known = before.get(key) ?? (await traceOf(start, hasEarlier));
    before.set(key, known);
    expect((await traceOf({ ...start, ...to }, hasEarlier)) === known).toBe(false);
  });
});
