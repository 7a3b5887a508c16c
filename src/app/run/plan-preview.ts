import { plannedWeights } from "../../plan/weights.ts";
import { BASELINE_ROWS, plannedEvaluations, type RunLength } from "../../recipe/evaluations.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { rowsPerEpoch } from "../../recipe/sampling.ts";
import { counted, listed } from "../../recipe/wording.ts";
import { textTask } from "../../tasks/registry.ts";
import type {
  DataSummary,
  FoldCounts,
  LengthHistogram,
  ModelSummary,
  RunPlan,
  TextFileSummary,
  MemoryChange,
  MemoryOffer,
} from "../../workers/protocol.ts";
import type { EarlierKind } from "../state.ts";
import { windowsPerRow } from "../window-count.ts";
import { bytes, duration, wholeText } from "../figures.ts";
import { supportsOf } from "../tasks/setup-panels.ts";

/** A line of what will happen in the run. */
export interface PreviewLine {
  name: string;
  value: string;
}

/** What else may be known before the start. */
interface KnownBefore {
  /** What the earlier task's file holds, where it is usable. */
  earlier?: EarlierKind | null;
  textFile?: TextFileSummary | null;
  /** An estimate; its lines replace the rough one on memory. */
  plan?: RunPlan | null;
  /** Lengths of the rows in tokens, where they have been measured. */
  lengths?: LengthHistogram | null;
  /** Set where the run is a cross-validation. */
  folds?: FoldCounts | null;
}

/** What will happen in the run, as far as it is known before the start; what cannot be told yet is left out. */
export function previewLines(
  recipe: Recipe,
  summary: DataSummary | null,
  model: ModelSummary | null,
  { earlier = null, textFile = null, plan = null, lengths = null, folds = null }: KnownBefore = {},
): PreviewLine[] {
  const lines: PreviewLine[] = [];
  const data = summary && folds ? ofOneFold(summary, folds) : summary;
  const models = folds ? folds.folds * folds.repeats + 1 : 1;
  if (summary && folds) lines.push({ name: "Folds", value: foldsText(summary, folds) });
  if (data) {
    const windows = recipe.longTexts === "windows" ? windowsText(recipe, data, lengths) : null;
    const { trainRows } = data;
    const sampled = rowsPerEpoch({ trainRows, trainCounts: supportsOf(data) }, recipe.sampling);
    const isQuick = recipe.effort === "quick";
    const ofEpoch = isQuick || sampled === trainRows ? "" : ` (${wholeText(sampled)} in each epoch)`;
    // Texts of all classes are taken to have as many windows.
    const rows = windows ? Math.round((windows.train * sampled) / Math.max(1, trainRows)) : sampled;
    const stepsPerEpoch = Math.ceil(rows / recipe.batchSize);
    const steps = Math.max(1, Math.ceil(stepsPerEpoch * recipe.epochs));
    const parts = recipe.accumulate > 1 ? `, in ${recipe.accumulate} micro-batches` : "";
    const epochs = recipe.epochs === 1 ? "1 epoch" : `${recipe.epochs} epochs`;
    if (recipe.pretrainEpochs > 0 && !isQuick) {
      const texts = textFile ? `the ${wholeText(textFile.lines)} lines of ${textFile.name}` : "the texts alone";
      const perEpoch = Math.ceil((textFile?.lines ?? windows?.train ?? trainRows) / recipe.batchSize);
      const steps = wholeText(Math.ceil(perEpoch * recipe.pretrainEpochs));
      lines.push({ name: "Pretraining", value: `${steps} steps on ${texts}, before the fine-tuning` });
    }
    lines.push(
      {
        name: "Rows",
        value: `${wholeText(trainRows)} to train${copiesText(data)}${windows?.of ?? ""}${ofEpoch}, ${wholeText(data.validationRows)} to validate`,
      },
      ...(isQuick
        ? [{ name: "Steps", value: "none: the baseline alone" }]
        : [
            {
              name: "Steps",
              value: `${stepsOf(recipe)}${windows?.how ?? ""}${wholeText(steps)}: ${epochs} of ${wholeText(stepsPerEpoch)}`,
            },
            { name: "Batch", value: `${recipe.batchSize} rows per step${parts}, no padding` },
            { name: "Evaluations", value: evaluationText(recipe, data, { steps, stepsPerEpoch }) },
          ]),
    );
  }
  if (earlier) lines.push({ name: "Earlier task", value: earlierText(recipe, earlier) });
  if (plan) lines.push(...estimateLines(plan, models));
  else if (model) {
    const classes = data?.labelNames.length ?? 2;
    lines.push({ name: "Memory", value: memoryText(recipe, model, classes, earlier !== null && recipe.ewc > 0) });
  }
  return lines;
}

/** Rows of the table that are laid into folds. */
const rowsInAll = ({ trainRows, validationRows, augmented }: DataSummary) =>
  trainRows + validationRows - (augmented?.copies ?? 0);

function foldsText(data: DataSummary, { folds, repeats }: FoldCounts): string {
  const times = repeats > 1 ? `, ${wholeText(repeats)} times` : "";
  return `${wholeText(folds)}${times}, each as below, then a final model on all ${wholeText(rowsInAll(data))} rows`;
}

/** About the rows of one fold. */
function ofOneFold(data: DataSummary, { folds }: FoldCounts): DataSummary {
  const all = rowsInAll(data);
  const copiesPerRow = (data.augmented?.copies ?? 0) / Math.max(1, data.trainRows - (data.augmented?.copies ?? 0));
  const validationRows = Math.round(all / folds);
  const copies = Math.round((all - validationRows) * copiesPerRow);
  const augmented = data.augmented && { ...data.augmented, copies };
  return { ...data, trainRows: all - validationRows + copies, validationRows, ...(augmented && { augmented }) };
}

/** The copies among the training rows. */
function copiesText({ augmented }: DataSummary): string {
  return augmented ? ` (${counted(augmented.copies, "changed copy", "changed copies")} among them)` : "";
}

/** What the number of steps is, by the effort. */
function stepsOf({ effort, timeBudget, earlyStopping }: Recipe): string {
  if (effort === "time") return `as many as fit into ${counted(timeBudget, "minute")}, up to `;
  return earlyStopping > 0 ? "up to " : "";
}

/** The windows of the training rows, and how sure their number is; as many as rows where no length is known. */
function windowsText(recipe: Recipe, { trainRows }: DataSummary, lengths: LengthHistogram | null) {
  if (!lengths) return { train: trainRows, of: "", how: "at least " };
  const train = Math.round(trainRows * windowsPerRow(lengths, recipe));
  return { train, of: `, in about ${counted(train, "window")}`, how: "about " };
}

/** "34: before the first step (64 rows), 9 times within each epoch (256 rows), after each epoch (all 1,114 rows)". */
function evaluationText(recipe: Recipe, { validationRows }: DataSummary, length: RunLength): string {
  const { withinEpoch, sample, averaged, total } = plannedEvaluations(length, recipe);
  const sampleRows = Math.min(recipe.evaluationSample, validationRows);
  const upTo = recipe.earlyStopping > 0 ? "up to " : "";
  const rows = (count: number) =>
    count === validationRows ? `all ${wholeText(count)} rows` : `${wholeText(count)} rows`;
  const times = withinEpoch === 1 ? "once" : `${wholeText(withinEpoch)} times`;
  const epoch = length.steps <= length.stepsPerEpoch ? "the epoch" : "each epoch";
  return [
    `${upTo}${wholeText(total)}: before the first step (${rows(Math.min(BASELINE_ROWS, sampleRows))})`,
    ...(sample > 0 ? [`${times} within ${epoch} (${rows(sampleRows)})`] : []),
    `after ${epoch} (${rows(validationRows)})`,
    ...(averaged > 0 ? ["once for the averaged weights"] : []),
  ].join(", ");
}

function earlierText({ ewc, ewcRows, rehearsal, batchSize }: Recipe, kind: EarlierKind): string {
  const rehearsed = Math.max(1, Math.round(rehearsal * batchSize));
  return [
    kind === "rows" ? "scored at each evaluation" : `${textTask.loss.name} measured on its texts at each evaluation`,
    ...(rehearsal > 0 ? [`${rehearsed} of its rows in each step`] : []),
    ...(ewc > 0 ? [`importance of the weights measured on up to ${wholeText(ewcRows)} ${kind} first`] : []),
  ].join(", ");
}

/**
 * 4 bytes per weight, and 12 more per trained weight for gradient and moments; consolidation adds 8 more per trained
 * weight for its start and its importance. Most runs need less for the word table's gradient, which depends on the batch.
 */
function memoryText(recipe: Recipe, model: ModelSummary, classes: number, consolidates: boolean): string {
  const weights = plannedWeights(model, recipe, classes);
  const perTrained = consolidates ? 20 : 12;
  const held = weights.reduce((sum, { size, trains }) => sum + size * (4 + (trains ? perTrained : 0)), 0);
  const what = `weights, gradients and moments${consolidates ? ", start and importance of each weight" : ""}`;
  return `up to ${bytes(held)} for ${what}, plus the batch`;
}

/** The lines of an estimate. */
function estimateLines({ memory, windows, time }: RunPlan, models: number): PreviewLine[] {
  const { prediction, limit, fits, checkpointing, mostTokens, offers } = memory;
  const { weights, gradients, moments, activations, other, total } = prediction;
  const parts = `weights ${bytes(weights)}, gradients ${bytes(gradients)}, moments ${bytes(moments)}, activations ${bytes(activations)}, other ${bytes(other)}`;
  const chosen = [
    ...(checkpointing ? ["gradient checkpointing"] : []),
    ...(mostTokens === Infinity ? [] : [`micro-batches of up to ${wholeText(mostTokens)} tokens`]),
  ];
  const lines: PreviewLine[] = [
    { name: "Memory", value: `${bytes(total)} at the peak: ${parts}` },
    { name: "Limit", value: `${bytes(limit)} by the recipe: ${verdict(fits, chosen, offers)}` },
  ];
  if (windows) {
    lines.push({
      name: "Windows",
      value: `${wholeText(windows.train)} to train, ${wholeText(windows.validation)} to validate`,
    });
  }
  if (time) {
    const { steps, msPerStep, pretrainingMs, probeMs, isLimit } = time;
    const ofSteps = msPerStep > 0 ? `: ${wholeText(steps)} steps of ${stepText(msPerStep)}, and evaluations` : "";
    const first = [
      ...(probeMs > 0 ? [`${duration(probeMs)} for the baseline`] : []),
      ...(pretrainingMs > 0 ? [`${duration(pretrainingMs)} of pretraining`] : []),
    ];
    const before = first.length > 0 ? `, with ${listed(first)} before` : "";
    const what = steps === 0 ? ", for the baseline alone" : `${ofSteps}${before}`;
    const each = models > 1 ? ` for ${wholeText(models)} models, each` : "";
    const ms = duration(time.ms * models);
    lines.push({ name: "Time", value: `${isLimit ? "at most" : "about"} ${ms}${each}${what}` });
  }
  return lines;
}

const changeTexts: Record<MemoryChange, string> = {
  checkpointing: "gradient checkpointing",
  frozenEmbeddings: "frozen embeddings",
  lowRank: "LoRA of rank 8",
};

function verdict(fits: boolean, chosen: readonly string[], offers: readonly MemoryOffer[]): string {
  const how = chosen.length > 0 ? chosen.join(" and ") : "";
  if (fits) return how ? `it fits, with ${how}` : "it fits as it is";
  const enough = offers.map(({ change, total }) => `${changeTexts[change]} (${bytes(total)})`).join(", or with ");
  const remedy = enough ? `It fits with ${enough}` : "A lower max length or a smaller model needs less";
  return `it does not fit, not even with ${how || "the smallest steps"}. ${remedy}`;
}

/** A step in milliseconds where it takes less than a second. */
function stepText(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)}\u202fms` : `${(ms / 1000).toFixed(1)}\u202fs`;
}
