import type { Family } from "../families/family.ts";
import type { WeightDtype } from "../io/safetensors-write.ts";
import { linesOf } from "../metrics/confusion.ts";
import type { ClassScores, Report } from "../metrics/report.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { leadingMetrics, type Task } from "../tasks/task.ts";
import { adapterUsage } from "./adapter.ts";
import { exampleInput, loadingText } from "./loading-text.ts";
import { cell, fenced, table, yamlString } from "./markdown.ts";

/** What a model card tells. */
export interface CardFacts {
  task: Task;
  family: Family;
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
  /** Whether each row has a second text. */
  isPair: boolean;
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
      ? fenced(
          "python",
          adapterUsage(facts.baseModel, facts.labelNames, facts.recipe.maxLength, exampleInput(facts.isPair)),
        )
      : loadingText(facts.recipe, facts.family.names, facts.isPair),
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
    `pipeline_tag: ${facts.task.hub.pipeline}`,
    ...(onHub ? [`base_model: ${yamlString(facts.baseModel)}`] : []),
    "tags:",
    `- ${facts.task.hub.pipeline}`,
    `- ${facts.family.type}`,
    "- tabtune",
    ...(facts.isAdapter ? ["- lora"] : []),
    "metrics:",
    ...facts.task.hub.metrics.map((metric) => `- ${metric}`),
    "model-index:",
    `- name: ${yamlString(facts.name)}`,
    "  results:",
    "  - task:",
    `      type: ${facts.task.hub.pipeline}`,
    "    dataset:",
    `      name: ${yamlString(facts.dataName)}`,
    "      type: custom",
    "    metrics:",
    ...leadingMetrics(facts.task).flatMap(({ hubName, label, of }) => [
      `    - type: ${hubName}`,
      `      name: ${label}`,
      `      value: ${of(facts.report).toFixed(6)}`,
    ]),
    "---",
  ].join("\n");
}

function introduction(facts: CardFacts): string {
  const { length } = facts.labelNames;
  const named = facts.labelNames.slice(0, mostNamed).map(cell).join(", ");
  const labels = length > mostNamed ? `${named} and ${length - mostNamed} more (\`config.json\` has all)` : named;
  const pairs = facts.isPair ? " Each row is a text and a second text, read together." : "";
  const licence = facts.baseLicence === "" ? "" : ` ${cell(facts.baseLicence)}`;
  const kind = facts.isAdapter
    ? "A LoRA adapter and a text classifier, trained on the weights of"
    : `A ${facts.family.label} text classifier, fine-tuned from`;
  return (
    `${kind} ${cell(facts.baseModel)} on ${facts.trainRows} rows of ` +
    `${cell(facts.dataName)} with Tabtune.${licence}\n\n` +
    `Classes: ${labels}. Weights: ${facts.dtype}.${pairs} Texts longer than ${facts.recipe.maxLength} tokens were cut in training.`
  );
}

function results({ report, labelNames }: CardFacts): string {
  const row = (name: string, scores: ClassScores) => [
    name,
    ...[scores.precision, scores.recall, scores.f1].map((value) => value.toFixed(4)),
    String(scores.support),
  ];
  const worst = shownClasses(report);
  const hidden = labelNames.length - worst.length;
  return [
    `Accuracy ${report.accuracy.toFixed(4)}, Matthews correlation ${report.matthews.toFixed(4)}, ` +
      `log loss ${report.logLoss.toFixed(4)}.`,
    table(
      ["Class", "Precision", "Recall", "F1", "Rows"],
      [
        ...worst.map((k) => row(cell(labelNames[k] ?? ""), report.classes[k] ?? unscored)),
        row("macro average", report.macro),
        row("micro average", report.micro),
        row("weighted average", report.weighted),
      ],
    ),
    ...(hidden > 0 ? [`The ${worst.length} classes of lowest F1; ${hidden} more are not listed.`] : []),
    ...confusion(report, labelNames),
  ].join("\n\n");
}

/** A card of thousands of classes is not read to its end. */
const mostNamed = 100;

/** A class that stands neither in truth nor in prediction. */
const unscored: ClassScores = { precision: 0, recall: 0, f1: 0, support: 0 };

/** The classes of the table, in class order: all, or of many the validated ones of lowest F1. */
function shownClasses({ classes }: Report): number[] {
  const all = classes.map((_, k) => k);
  if (all.length <= mostNamed) return all;
  const key = (k: number) => (classes[k]?.support ? classes[k].f1 : 2);
  const worst = [...all].sort((a, b) => key(a) - key(b) || a - b).slice(0, mostNamed);
  return worst.sort((a, b) => a - b);
}

/** The confusion matrix; left out where it would be too wide to read. */
function confusion(report: Report, labelNames: readonly string[]): string[] {
  const classes = labelNames.length;
  if (classes > 20) return [];
  const all = labelNames.map((_, k) => k);
  const rows = linesOf(report.confusion, all, classes).map((line, k) => [
    cell(labelNames[k] ?? ""),
    ...line.map(String),
  ]);
  return [
    "Confusion matrix (rows are the true classes, columns the predicted ones):",
    table(["", ...labelNames.map(cell)], rows),
  ];
}
