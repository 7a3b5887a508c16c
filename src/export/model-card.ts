import type { Family } from "../families/family.ts";
import type { WeightDtype } from "../io/safetensors-write.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { precisionText } from "../recipe/wording.ts";
import { type AnyReport, leadingMetrics, limitOf, pipelineOf, type TrainedTask } from "../tasks/task.ts";
import { adapterUsage } from "./adapter.ts";
import { entitiesText, loadingText } from "./loading-text.ts";
import { readingSentence, wordsReadSentence } from "./reading-text.ts";
import { cell, fenced, yamlString } from "../io/markdown.ts";

/** What a model card tells. */
export interface CardFacts {
  task: TrainedTask;
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
  report: AnyReport;
  weights: "best" | "last" | "baseline";
  /** Optimizer steps the exported weights have had. */
  step: number;
  /** Whether each row has a second text. */
  isPair: boolean;
  recipe: Recipe;
  /** Where the recipe asks for mixed precision: that in which the steps were computed. */
  mixedAs?: "float32" | "mixed" | undefined;
  dtype: WeightDtype;
  /** Whether the folder is a PEFT folder, which needs its checkpoint. */
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
    facts.task.card.results(facts.report, facts.labelNames),
    "## How to load it",
    facts.isAdapter ? fenced("python", adapterUsage(facts, limitOf(facts.task, facts.recipe))) : loadingOf(facts),
    "## Recipe",
    trainingOf(facts),
    fenced("json", JSON.stringify(facts.recipe, null, 2)),
    "`recipe.json` is the same as a file, `metrics.jsonl` has every step and evaluation, " +
      "`predictions.csv` every validation row.",
    "",
  ].join("\n\n");
}

function trainingOf(facts: CardFacts): string {
  return facts.weights === "baseline"
    ? "No step: a linear model was fitted to the frozen encoder's mean vectors, before the fine-tuning with:"
    : `${facts.step} optimizer steps (${facts.weights} weights)${precisionOf(facts)}, with:`;
}

function loadingOf({ task, recipe, family, isPair }: CardFacts): string {
  return task.asks === "words"
    ? entitiesText(pipelineOf(task), limitOf(task, recipe))
    : loadingText({ recipe, names: family.names, isPair, task });
}

/** How long texts are read. */
function readingOf({ task, recipe }: CardFacts): string {
  return task.asks === "words" ? wordsReadSentence(limitOf(task, recipe)) : readingSentence(recipe);
}

function precisionOf({ mixedAs }: CardFacts): string {
  return mixedAs ? ` in ${precisionText(mixedAs)}` : "";
}

function frontMatter(facts: CardFacts): string {
  // The Hub takes only "owner/name" for a base model; a folder's name would be refused.
  const onHub = /^[\w.-]+\/[\w.-]+$/.test(facts.baseModel);
  return [
    "---",
    `library_name: ${facts.isAdapter ? "peft" : "transformers"}`,
    `pipeline_tag: ${pipelineOf(facts.task)}`,
    ...(onHub ? [`base_model: ${yamlString(facts.baseModel)}`] : []),
    "tags:",
    `- ${pipelineOf(facts.task)}`,
    `- ${facts.family.type}`,
    "- tabtune",
    ...(facts.isAdapter ? ["- lora"] : []),
    "metrics:",
    ...facts.task.card.metrics.map((metric) => `- ${metric}`),
    "model-index:",
    `- name: ${yamlString(facts.name)}`,
    "  results:",
    "  - task:",
    `      type: ${pipelineOf(facts.task)}`,
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
  const pairs = facts.isPair ? " Each row is a text and a second text, read together." : "";
  const licence = facts.baseLicence === "" ? "" : ` ${cell(facts.baseLicence)}`;
  const kind =
    facts.weights === "baseline"
      ? `A ${facts.task.card.noun} of the family ${facts.family.label}: a linear model (the baseline of a run) on the mean vectors of the unchanged`
      : facts.isAdapter
        ? `A LoRA adapter and a ${facts.task.card.noun}, trained on the weights of`
        : `A ${facts.task.card.noun} of the family ${facts.family.label}, fine-tuned from`;
  return (
    `${kind} ${cell(facts.baseModel)}${facts.weights === "baseline" ? ", fitted" : ""} on ${facts.trainRows} rows of ` +
    `${cell(facts.dataName)} with Tabtune.${licence}\n\n` +
    `${facts.task.card.outputs(facts.labelNames)} Weights: ${facts.dtype}.${pairs} ${readingOf(facts)}`
  );
}
