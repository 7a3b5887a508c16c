import type { Recipe } from "../../recipe/recipe.ts";
import type { DataSummary, ModelSummary, RunPlan, TextFileSummary } from "../../workers/protocol.ts";
import type { EarlierKind } from "../state.ts";
import { bytes } from "../words.ts";
import { estimateLines } from "./estimate-lines.ts";
import type { PreviewLine } from "./preview-line.ts";
import { wholeText } from "./figures.ts";

/** What else may be known before a start. */
interface KnownBefore {
  /** What is known of an earlier task that is usable. */
  earlier?: EarlierKind | null;
  textFile?: TextFileSummary | null;
  /** An estimate, which takes the place of the rough memory. */
  plan?: RunPlan | null;
}

/** What will happen when the run is started, as far as it is known before; parts whose data is missing are left out. */
export function previewLines(
  recipe: Recipe,
  data: DataSummary | null,
  model: ModelSummary | null,
  { earlier = null, textFile = null, plan = null }: KnownBefore = {},
): PreviewLine[] {
  const lines: PreviewLine[] = [];
  if (data) {
    const stepsPerEpoch = Math.ceil(data.trainRows / recipe.rowsPerStep);
    const steps = Math.ceil(stepsPerEpoch * recipe.epochs);
    const parts = recipe.accumulate > 1 ? `, in ${recipe.accumulate} parts` : "";
    const epochs = recipe.epochs === 1 ? "1 epoch" : `${recipe.epochs} epochs`;
    if (recipe.pretrainEpochs > 0) {
      const texts = textFile ? `the ${wholeText(textFile.lines)} lines of ${textFile.name}` : "the texts alone";
      const perEpoch = textFile ? Math.ceil(textFile.lines / recipe.rowsPerStep) : stepsPerEpoch;
      const steps = wholeText(Math.ceil(perEpoch * recipe.pretrainEpochs));
      lines.push({ name: "Pretraining", value: `${steps} steps on ${texts}, before all else` });
    }
    lines.push(
      { name: "Rows", value: `${wholeText(data.trainRows)} to train, ${wholeText(data.validationRows)} to validate` },
      { name: "Steps", value: `${wholeText(steps)}: ${epochs} of ${wholeText(stepsPerEpoch)}` },
      { name: "Batch", value: `${recipe.rowsPerStep} rows a step${parts}, no padding` },
      { name: "Evaluations", value: evaluationText(recipe, data) },
    );
  }
  if (earlier) lines.push({ name: "Earlier task", value: earlierText(recipe, earlier) });
  if (plan) lines.push(...estimateLines(plan));
  else if (model) {
    lines.push({ name: "Memory", value: memoryText(model.parameters, earlier !== null && recipe.ewc > 0) });
  }
  return lines;
}

function evaluationText(recipe: Recipe, data: DataSummary): string {
  const full = `after each epoch on all ${wholeText(data.validationRows)} rows`;
  if (recipe.evaluationsPerEpoch === 0) return full;
  const sample = wholeText(Math.min(recipe.evaluationSample, data.validationRows));
  return `${full}, and ${recipe.evaluationsPerEpoch} an epoch on ${sample} rows`;
}

function earlierText({ ewc, ewcRows, rehearsal, rowsPerStep }: Recipe, kind: EarlierKind): string {
  const rehearsed = Math.max(1, Math.round(rehearsal * rowsPerStep));
  return [
    kind === "rows" ? "scored at each evaluation" : "hidden words of its texts guessed at each evaluation",
    ...(rehearsal > 0 ? [`${rehearsed} of its rows in each step`] : []),
    ...(ewc > 0 ? [`importance of the weights measured on up to ${wholeText(ewcRows)} ${kind} first`] : []),
  ].join(", ");
}

/** Consolidation holds the start and the importance of each weight beside what every run holds. */
function memoryText(parameters: number, consolidates: boolean): string {
  const numbers = consolidates ? 24 : 16;
  const what = `weights, gradients and moments${consolidates ? ", start and importance of each weight" : ""}`;
  return `about ${bytes(parameters * numbers)} for ${what}, plus the batch`;
}
