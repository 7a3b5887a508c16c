import { cleaningWords, pythonCleaner } from "../data/cleaning/python.ts";
import type { Family } from "../families/family.ts";
import type { WeightDtype } from "../io/safetensors-write.ts";
import type { Intervals } from "../metrics/bootstrap.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { precisionText } from "../recipe/wording.ts";
import { heldOutText, type HeldOutBy } from "../recipe/held-out-by.ts";
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
  /** Without copies, unless of a baseline. */
  trainRows: number;
  /** Number of changed copies of the training rows that were trained on too. */
  copies?: number;
  labelNames: readonly string[];
  /** The exported weights scored on all validation rows. */
  report: AnyReport;
  /** 95 % intervals of its metrics, where there are any. */
  intervals?: Intervals | null;
  /** The same on rows that were set apart, where they were opened, and how often. */
  tested?: { report: AnyReport; intervals?: Intervals | null; uses: number } | undefined;
  weights: "best" | "last" | "baseline";
  /** Optimizer steps the exported weights have had. */
  step: number;
  /** Whether each row has a second text. */
  isPair: boolean;
  recipe: Recipe;
  /** Set where the report is of this many folds, and the model of all rows. */
  folds?: number;
  /** By which columns the validation rows were held out. */
  heldOutBy?: HeldOutBy | undefined;
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
    resultsOn(facts),
    facts.task.card.results(facts.report, facts.labelNames),
    ...intervalsText(facts.task, facts),
    ...testText(facts),
    ...cleaningOf(facts),
    ...decisionOf(facts),
    "## How to load it",
    facts.isAdapter ? fenced("python", adapterUsage(facts, limitOf(facts.task, facts.recipe))) : loadingOf(facts),
    "## Recipe",
    ...copiesOf(facts),
    trainingOf(facts),
    fenced("json", JSON.stringify(facts.recipe, null, 2)),
    "`recipe.json` is the same as a file, `metrics.jsonl` has every step and evaluation, " +
      `\`predictions.csv\` every validation row${facts.tested ? ", `test-predictions.csv` every test row" : ""}.`,
    "",
  ].join("\n\n");
}

function resultsOn(facts: CardFacts): string {
  const { report, folds } = facts;
  return folds === undefined
    ? `On ${report.rows} validation rows that were not trained on${heldOutOf(facts)}:`
    : `Cross-validation of ${folds} folds: each of ${report.rows} rows is scored by a model that was not trained on it${heldOutOf(facts)}. This model was trained on all rows in the same way:`;
}

function heldOutOf({ heldOutBy }: CardFacts): string {
  return heldOutBy ? ` (${cell(heldOutText(heldOutBy))})` : "";
}

/** What the figures could have been on other rows of the same kind. */
function intervalsText(
  task: TrainedTask,
  { intervals, report }: { report: AnyReport; intervals?: Intervals | null },
): string[] {
  const known = task.metrics.flatMap(({ key, name }) => {
    const [low, high] = intervals?.of[key] ?? [];
    return low === undefined || high === undefined ? [] : [`${name} ${low.toFixed(4)} to ${high.toFixed(4)}`];
  });
  if (!intervals || known.length === 0) return [];
  return [
    `95 % intervals for other rows of this kind (percentile bootstrap of the ${report.rows} rows, ${intervals.draws} ` +
      `draws): ${known.join(", ")}. They do not cover what another run or seed would change.`,
  ];
}

/** The scores of the test rows, and how often they were asked for. */
function testText({ task, tested, labelNames }: CardFacts): string[] {
  if (!tested) return [];
  const { report, uses } = tested;
  const often =
    uses === 1
      ? "scored once, after all choices"
      : `scored ${uses} times: what was chosen by these scores makes them too good`;
  return [
    `On ${report.rows} test rows that were set apart (${often}):`,
    task.card.results(report, labelNames),
    ...intervalsText(task, tested),
  ];
}

function trainingOf(facts: CardFacts): string {
  return facts.weights === "baseline"
    ? "No step: a linear model was fitted to the frozen encoder's mean vectors, before the fine-tuning with:"
    : `${facts.step} optimizer steps (${facts.weights} weights)${precisionOf(facts)}, with:`;
}

/** The training rows that augmentation added. */
function copiesOf({ copies = 0 }: CardFacts): string[] {
  if (copies === 0) return [];
  return [
    `Beside the rows of the data it was trained on ${copies} changed ${copies === 1 ? "copy" : "copies"} of them ` +
      "(augmentation); no row of the results has been changed, or is one of these.",
  ];
}

function loadingOf({ task, recipe, family, isPair }: CardFacts): string {
  return task.asks === "words"
    ? entitiesText(pipelineOf(task), limitOf(task, recipe))
    : loadingText({ recipe, names: family.names, isPair, task });
}

/** What is done to texts first, in words and in Python. */
function cleaningOf({ task, recipe }: CardFacts): string[] {
  const words = task.asks === "words" ? "" : cleaningWords(recipe);
  if (words === "") return [];
  return [
    "## Clean texts first",
    `Before a text is read, ${words}. transformers does not do this: give the model \`clean(text)\` instead of each text, ` +
      "and of each second text. Tabtune does it by itself.",
    fenced("python", pythonCleaner(recipe).join("\n")),
  ];
}

/** How it predicts where transformers would predict otherwise. */
function decisionOf({ task, labelNames }: CardFacts): string[] {
  const decision = task.card.decision?.(labelNames);
  return decision ? ["## How a class is chosen", decision.words, fenced("python", decision.python.join("\n"))] : [];
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
