import type { Recipe } from "../../recipe/recipe.ts";
import type { DataSummary, ModelSummary, TextFileSummary } from "../../workers/protocol.ts";
import { bytes } from "../words.ts";
import { wholeText } from "./figures.ts";

/** A line of what a start would do. */
export interface PreviewLine {
  name: string;
  value: string;
}

/** What will happen when the run is started, as far as it is known before; parts whose data is missing are left out. */
export function previewLines(
  recipe: Recipe,
  data: DataSummary | null,
  model: ModelSummary | null,
  textFile: TextFileSummary | null = null,
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
  if (model) {
    lines.push({
      name: "Memory",
      value: `about ${bytes(model.parameters * 16)} for weights, gradients and moments, plus the batch`,
    });
  }
  return lines;
}

function evaluationText(recipe: Recipe, data: DataSummary): string {
  const full = `after each epoch on all ${wholeText(data.validationRows)} rows`;
  if (recipe.evaluationsPerEpoch === 0) return full;
  const sample = wholeText(Math.min(recipe.evaluationSample, data.validationRows));
  return `${full}, and ${recipe.evaluationsPerEpoch} an epoch on ${sample} rows`;
}
