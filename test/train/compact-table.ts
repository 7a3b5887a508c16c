import { expect } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { Consolidation } from "../../src/train/consolidation.ts";
import { addToFisher, type Importance } from "../../src/train/fisher.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";
import { takeSnapshot } from "../../src/train/snapshot.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { otherFamilies, randomClassifier, randomConfig, type ConfigChanges } from "../model/random-model.ts";
import { expectNear, expectSameBits } from "../ops/numbers.ts";
import { learnableRows } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

const [STEPS, ROWS, WORDS] = [4, 2, 997];
const capacity = { tokens: 64, rows: ROWS };
/** Tokens of the largest step, and the places that the gradient then has. */
const [STEP_TOKENS, PLACES] = [150, 192];
const data = learnableRows(32, 1, 24);
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };

interface CompactRun {
  name: string;
  model?: ConfigChanges;
  settings?: Partial<TrainerSettings>;
  /** The steps bring rows of an earlier task too. */
  rehearses?: true;
  /** The upper levels that take part in the first two steps. */
  unfrozen?: number;
  consolidates?: true;
  /** Whether the gradient of the word table has all its rows, whatever the step. */
  isWhole?: true;
}

export const compactRuns: CompactRun[] = [
  { name: "two micro-batches" },
  { name: "R-Drop", settings: { rDrop: 1 } },
  { name: "clipping by value", settings: { clipping: "value", maxGradientValue: 1e-3 } },
  { name: "rates by layer", settings: { layerDecay: 0.9 } },
  { name: "rows of an earlier task", rehearses: true },
  { name: "embeddings that are unfrozen later", unfrozen: 2 },
  { name: "embeddings narrower than the layers", model: { model_type: "electra", embedding_size: 16 } },
  { name: "a table by distance", model: otherFamilies.deberta },
  { name: "L2-SP", settings: { l2sp: 0.5 }, isWhole: true },
  { name: "consolidation", consolidates: true, isWhole: true },
  { name: "frozen embeddings", settings: { frozen: ["embeddings."] }, isWhole: true },
];

const batchAt = (at: number) =>
  gatherBatch(
    data,
    Int32Array.from({ length: ROWS }, (_, i) => (at * ROWS + i) % 32),
  );

async function consolidated(model: Classifier): Promise<Consolidation> {
  const fisher: Importance = new Map();
  const loss = plainLoss(3)();
  const options = { loss, capacity, share: 1, trains: () => true, labelsOf: () => Int32Array.of(1) };
  await addToFisher(fisher, model, gatherBatch(data, Int32Array.of(3)), options);
  loss.dispose();
  return new Consolidation(fisher, 5);
}

/** What some steps leave, and the rows that the word table's gradients had. */
async function trained(run: CompactRun, stepTokens: number | undefined) {
  const { settings, rehearses = false, unfrozen, consolidates } = run;
  const options = { earlierClasses: rehearses ? 3 : 0 };
  const model = await randomClassifier(randomConfig({ num_hidden_layers: 1, ...run.model }), options);
  const gradientRows = new Set<number>();
  const backward = model.backward.bind(model);
  model.backward = (...args) => {
    const gradients = backward(...args);
    for (const [parameter, { shape }] of gradients) if (parameter === model.wordTable) gradientRows.add(shape[0] ?? 0);
    return gradients;
  };
  const own = { ...plainSettings(1e-2), weightDecay: 0.1, rates, rehearses, ...settings };
  const trainer = new Trainer(model, plainLoss(3), own, { ...capacity, stepTokens });
  if (consolidates) trainer.consolidation = await consolidated(model);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (unfrozen !== undefined) trainer.unfreeze(step < 2 ? unfrozen : 9);
    const batches = [batchAt(2 * step), batchAt(2 * step + 1)];
    if (rehearses) batches.push({ ...batchAt(20 + step), task: "earlier" });
    for (const { loss } of await readSteps([trainer.step(batches)])) losses.push(loss);
  }
  const weights = Object.fromEntries([...(await takeSnapshot(trainer.trainable))].map(([{ name }, w]) => [name, w]));
  const finalNorm = await readSteps([trainer.step([batchAt(1)])]);
  trainer.dispose();
  model.dispose();
  return { weights, losses, norm: finalNorm[0]?.gradientNorm ?? NaN, gradientRows: [...gradientRows] };
}

/** Trains with the gradient of the word table as the rows of each step, and with all rows: to the same bits. */
export async function expectSameTraining(run: CompactRun): Promise<void> {
  const [compact, whole] = [await trained(run, STEP_TOKENS), await trained(run, undefined)];
  expectSameBits(compact.weights, whole.weights);
  expect(compact.losses).toEqual(whole.losses);
  expect(compact.norm / whole.norm).toBeCloseTo(1, 5);
  const trainsWords = !(run.settings?.frozen ?? []).includes("embeddings.");
  expect(whole.gradientRows).toEqual(trainsWords ? [WORDS] : []);
  expect(compact.gradientRows).toEqual(run.isWhole ? whole.gradientRows : [PLACES]);
}

/**
 * Trains with clipping, where the norm's last digits decide: within rounding. With this epsilon a step is nearly the
 * gradient, and noise in one that is zero stays small.
 */
export async function expectClippedAlike(): Promise<void> {
  const run = { name: "", settings: { maxGradientNorm: 0.1, epsilon: 1 } };
  const [compact, whole] = [await trained(run, STEP_TOKENS), await trained(run, undefined)];
  for (const [name, values] of Object.entries(whole.weights)) expectNear(compact.weights[name], values, 1e-4, name);
}

/** A step may have no more places for words than half the table has rows. */
export async function expectWholeForLargeSteps(): Promise<void> {
  const { gradientRows } = await trained({ name: "" }, WORDS / 2);
  expect(gradientRows).toEqual([WORDS]);
}
