import type { Recipe } from "../../recipe/recipe.ts";
import { limitOf, pipelineOf, type Task } from "../../tasks/task.ts";

/** How the run read texts. */
type Reading = Pick<Recipe, "pooling" | "maxLength" | "longTexts" | "windowOverlap">;

/** What of a run the lines depend on. */
interface SnippetFacts {
  /** Name that the zip unpacks to. */
  folder: string;
  task: Pick<Task, "asks" | "pipeline" | "scoredBy">;
  /** Whether each row has a second text. */
  pair: boolean;
  reading: Reading;
}

/** A call of the pipeline; without the max length it would read more of a text than the run did, or fail. */
function callOf({ task, pair, reading }: SnippetFacts): string {
  if (task.asks === "words") return 'print(find("A text of your own"))';
  const input = pair ? '{"text": "A first text", "text_pair": "A second text"}' : '"A text to classify"';
  return `print(classify(${input}, truncation=True, max_length=${reading.maxLength}))`;
}

/** The tokenizer of a folder; a pipeline that labels words takes the max length from it. */
function tokenizerOf({ folder, task, reading }: SnippetFacts): string {
  const most = task.asks === "words" ? `, model_max_length=${reading.maxLength}` : "";
  return `tokenizer = AutoTokenizer.from_pretrained(${JSON.stringify(folder)}${most})`;
}

/** The pipeline; `parts` are its model, and its tokenizer where that is not the model's folder's. */
function pipelineLine({ task, reading }: SnippetFacts, parts: string): string {
  const made = `pipeline("${pipelineOf(task)}", ${parts}`;
  if (task.asks === "words") {
    return `find = ${made}, aggregation_strategy="first", stride=${limitOf(task, reading).windowOverlap})`;
  }
  const scores = task.scoredBy ? `, top_k=None, function_to_apply="${task.scoredBy}"` : "";
  return `classify = ${made}${scores})`;
}

/** What pipelines of transformers cannot do: where this is not null, the model card has the lines that can. */
function beyondPipelines({ task, reading: { pooling, longTexts } }: SnippetFacts): string | null {
  if (task.asks === "words") return null;
  if (pooling !== "pooler") return `This classifier pools by "${pooling}", which transformers' own classifier cannot.`;
  if (longTexts === "windows") return "Long texts are read in windows, which pipelines cannot.";
  return longTexts === "cut" ? null : "Long texts are read by their first and last tokens, which pipelines cannot.";
}

const linesInCard = (why: string, folder: string) =>
  [`# ${why}`, `# ${folder}/README.md has the lines that load it.`].join("\n");

/**
 * A few lines of Python that load the downloaded folder. For what pipelines cannot do it takes the lines of the model
 * card.
 */
export function pythonSnippet(facts: SnippetFacts): string {
  const { folder, task } = facts;
  const why = beyondPipelines(facts);
  if (why !== null) return linesInCard(why, folder);
  const model = `model=${JSON.stringify(folder)}`;
  const lines =
    task.asks === "words"
      ? [
          "from transformers import AutoTokenizer, pipeline",
          tokenizerOf(facts),
          pipelineLine(facts, `${model}, tokenizer=tokenizer`),
        ]
      : ["from transformers import pipeline", pipelineLine(facts, model)];
  return [...lines, callOf(facts)].join("\n");
}

/** More names than this are not shown on the page; whoever copies the code gets all of them. */
const mostNamed = 100;

/** What the lines that load an adapter depend on besides. */
interface AdapterFacts extends SnippetFacts {
  /** Name of the checkpoint that was trained. */
  baseModel: string;
  labelNames: readonly string[];
}

/** Python that loads the downloaded PEFT folder onto its checkpoint; `short` leaves out the names of many classes. */
export function adapterSnippet(facts: AdapterFacts, short = false): string {
  const { folder, task, baseModel, labelNames } = facts;
  const why = beyondPipelines(facts);
  if (why !== null) return linesInCard(why, folder);
  const labels =
    short && labelNames.length > mostNamed
      ? `labels = [...]  # the names of all ${labelNames.length} classes: in the copied code, and in ${folder}/README.md`
      : `labels = ${JSON.stringify(labelNames)}`;
  const model = `AutoModelFor${task.asks === "words" ? "Token" : "Sequence"}Classification`;
  return [
    "from peft import PeftModel",
    `from transformers import ${model}, AutoTokenizer, pipeline`,
    labels,
    `base = ${model}.from_pretrained(`,
    `    ${JSON.stringify(baseModel)}, num_labels=len(labels), id2label=dict(enumerate(labels)),`,
    "    ignore_mismatched_sizes=True).float()",
    `model = PeftModel.from_pretrained(base, ${JSON.stringify(folder)}).merge_and_unload()`,
    tokenizerOf(facts),
    pipelineLine(facts, "model=model, tokenizer=tokenizer"),
    callOf(facts),
  ].join("\n");
}
