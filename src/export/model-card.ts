import type { WeightDtype } from "../io/safetensors-write.ts";
import type { ClassScores, Report } from "../metrics/report.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { adapterUsage } from "./adapter.ts";
import { loadingText } from "./loading-text.ts";
import { cell, fenced, table, yamlString } from "./markdown.ts";

/** What a model card tells. */
export interface CardFacts {
  /** Name of the exported model. */
  name: string;
  /** Name of the checkpoint that was trained. */
  baseModel: string;
  /** Licence and origin of the checkpoint in words, or "". */
  baseLicence: string;
  /** Name of the data, e.g. its file name. */
  dataName: string;
  trainRows: number;
  labelNames: readonly string[];
  /** The exported weights scored on all validation rows. */
  report: Report;
  weights: "best" | "last";
  /** Optimizer steps the exported weights have had. */
  step: number;
  recipe: Recipe;
  dtype: WeightDtype;
  /** True of a PEFT folder, which needs its checkpoint beside it. */
  isAdapter: boolean;
}

/** README.md of the exported folder, a model card as the Hugging Face Hub reads it. */
export function modelCard(facts: CardFacts): string {
  return [
    frontMatter(facts),
    `# ${cell(facts.name)}`,
    introduction(facts),
    "## Results",
    `On ${facts.report.rows} validation rows that were not trained on:`,
    results(facts),
    "## How to load it",
    facts.isAdapter
      ? fenced("python", adapterUsage(facts.baseModel, facts.labelNames, facts.recipe.maxLength))
      : loadingText(facts.recipe),
    "## Recipe",
    `${facts.step} optimizer steps (${facts.weights} weights), with:`,
    fenced("json", JSON.stringify(facts.recipe, null, 2)),
    "`recipe.json` is the same as a file, `metrics.jsonl` has every step and evaluation, " +
      "`predictions.csv` every validation row.",
    "",
  ].join("\n\n");
}

function frontMatter(facts: CardFacts): string {
  // The Hub takes only "owner/name" for a base model; a folder's name would be refused.
  const onHub = /^[\w.-]+\/[\w.-]+$/.test(facts.baseModel);
  return [
    "---",
    `library_name: ${facts.isAdapter ? "peft" : "transformers"}`,
    "pipeline_tag: text-classification",
    ...(onHub ? [`base_model: ${yamlString(facts.baseModel)}`] : []),
    "tags:",
    "- text-classification",
    "- bert",
    "- tabtune",
    ...(facts.isAdapter ? ["- lora"] : []),
    "metrics:",
    "- accuracy",
    "- f1",
    "- precision",
    "- recall",
    "- matthews_correlation",
    "model-index:",
    `- name: ${yamlString(facts.name)}`,
    "  results:",
    "  - task:",
    "      type: text-classification",
    "    dataset:",
    `      name: ${yamlString(facts.dataName)}`,
    "      type: custom",
    "    metrics:",
    ...[
      ["accuracy", "Accuracy", facts.report.accuracy] as const,
      ["f1", "Macro F1", facts.report.macro.f1] as const,
    ].flatMap(([type, name, value]) => [
      `    - type: ${type}`,
      `      name: ${name}`,
      `      value: ${value.toFixed(6)}`,
    ]),
    "---",
  ].join("\n");
}

function introduction(facts: CardFacts): string {
  const labels = facts.labelNames.map(cell).join(", ");
  const licence = facts.baseLicence === "" ? "" : ` ${cell(facts.baseLicence)}`;
  const kind = facts.isAdapter
    ? "A LoRA adapter and a text classifier, trained on the weights of"
    : "A BERT text classifier, fine-tuned from";
  return (
    `${kind} ${cell(facts.baseModel)} on ${facts.trainRows} rows of ` +
    `${cell(facts.dataName)} with Tabtune.${licence}\n\n` +
    `Classes: ${labels}. Weights: ${facts.dtype}. Texts longer than ${facts.recipe.maxLength} tokens were cut in training.`
  );
}

function results({ report, labelNames }: CardFacts): string {
  const row = (name: string, scores: ClassScores) => [
    name,
    ...[scores.precision, scores.recall, scores.f1].map((value) => value.toFixed(4)),
    String(scores.support),
  ];
  return [
    `Accuracy ${report.accuracy.toFixed(4)}, Matthews correlation ${report.matthews.toFixed(4)}, ` +
      `log loss ${report.logLoss.toFixed(4)}.`,
    table(
      ["Class", "Precision", "Recall", "F1", "Rows"],
      [
        ...report.classes.map((scores, k) => row(cell(labelNames[k] ?? ""), scores)),
        row("macro average", report.macro),
        row("micro average", report.micro),
        row("weighted average", report.weighted),
      ],
    ),
    ...confusion(report, labelNames),
  ].join("\n\n");
}

/** The confusion matrix; left out where it would be too wide to read. */
function confusion(report: Report, labelNames: readonly string[]): string[] {
  const classes = labelNames.length;
  if (classes > 20) return [];
  const rows = labelNames.map((name, k) => [
    cell(name),
    ...report.confusion.slice(k * classes, (k + 1) * classes).map(String),
  ]);
  return [
    "Confusion matrix (rows are the true classes, columns the predicted ones):",
    table(["", ...labelNames.map(cell)], rows),
  ];
}
