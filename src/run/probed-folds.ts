import type { EncodedDataset } from "../data/rows.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import { takeLabels } from "../data/row-labels.ts";
import { allTexts } from "../data/take-texts.ts";
import type { TrainedTask } from "../tasks/task.ts";
import type { RunControl } from "../train/control.ts";
import type { ProbeEvent } from "../train/events.ts";
import { fitProbe, inTurns } from "../train/probe/fit-probe.ts";
import { apply, type Vectors } from "../train/probe/linear-model.ts";
import { mostFitted } from "../train/probe/rows.ts";
import { textVectors } from "../train/probe/text-vectors.ts";
import { baselineRecipe } from "./baseline-model.ts";
import { type FoldResult, type FoldsInput, withOwnCopies } from "./fold-result.ts";
import { loadClassifier } from "./open-model.ts";
import { capacityOf, recorded } from "./score.ts";

/**
 * Each fold by a linear model on the frozen encoder's mean vectors, which are computed once for all rows. Ends early where
 * `control` stops it.
 */
export async function* probedFolds(
  {
    opened,
    recipe,
    labelNames,
    labels,
    folds,
    copyOf,
    task,
    all,
  }: FoldsInput & { task: TrainedTask; all: EncodedDataset },
  control: RunControl,
): AsyncGenerator<ProbeEvent | FoldResult> {
  const width = task.outputs(labelNames);
  const model = await loadClassifier(opened, labelNames, { ...baselineRecipe(recipe), outputs: width });
  let vectors: Vectors | null = null;
  try {
    const texts = allTexts(all);
    const asked = { data: all, texts, capacity: capacityOf(all) };
    vectors = yield* textVectors(model, asked, { done: 0, total: texts.length }, control);
  } finally {
    model.dispose();
  }
  if (!vectors) return;
  for (const { repeat, fold, train: originals, held } of folds) {
    const train = withOwnCopies({ labels, ...(copyOf && { copyOf }) }, originals);
    const most = mostFitted(width * vectors.width);
    const fitted = shuffledIndices(train.length, createRandom(recipe.seed)).slice(0, most).sort();
    const some = fitted.map((place) => train[place] ?? 0);
    const trained = takeLabels(labels, some);
    const own = task.forRows?.({ ...trained, labelNames }, recipe) ?? task;
    const { linearLoss: loss } = own;
    if (!loss) throw new Error(`The task “${task.name}” has no linear model.`);
    const { labelWidth = 1 } = trained;
    const options = { outputs: width, loss, labelWidth, seed: recipe.seed };
    const fit = fitProbe({ ...taken(vectors, some), labels: trained.labels }, options);
    const probe = yield* inTurns(fit, "baseline", control);
    if (!probe) return;
    const outputsOf = (rows: Int32Array) =>
      Float32Array.from(apply(probe, taken(vectors, rows), new Float64Array(rows.length * width)));
    const scored = (judge: TrainedTask, rows: Int32Array) => {
      const { task: recording, outputs } = recorded(judge);
      if (recording.scoring.reads !== "outputs") throw new Error(`The task “${task.name}” scores no outputs of texts.`);
      const scorer = recording.scoring.scorer(takeLabels(labels, rows), labelNames, true);
      scorer.add(outputsOf(rows));
      return { report: scorer.report(), scores: scorer.scores(), outputs: outputs() };
    };
    const tuned = own.tuning?.isWanted(recipe) ? own.tuning.of(trained, scored(own, some).scores) : own;
    const { report, scores, outputs } = scored(tuned, held);
    const size = { trainRows: Math.min(some.length, originals.length), rows: held.length };
    yield { repeat, fold, ...size, step: 0, epoch: 0, report, outputs, task: tuned, probed: { probe, scores } };
  }
}

/** The vectors of some rows. */
function taken({ values, width }: Vectors, rows: Int32Array): Vectors {
  const some = new Float32Array(rows.length * width);
  rows.forEach((row, i) => some.set(values.subarray(row * width, (row + 1) * width), i * width));
  return { values: some, width };
}
