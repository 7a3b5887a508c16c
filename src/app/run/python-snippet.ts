import type { Recipe } from "../../recipe/recipe.ts";

/** How the run read texts. */
type Reading = Pick<Recipe, "pooling" | "maxLength" | "longTexts">;

/** A call of the pipeline; without the max length it would read more of a text than the run did, or fail. */
const callOf = (pair: boolean, { maxLength }: Reading) => {
  const input = pair ? '{"text": "A first text", "text_pair": "A second text"}' : '"A text to classify"';
  return `print(classify(${input}, truncation=True, max_length=${maxLength}))`;
};

/** What pipelines of transformers cannot do: where this is not null, the model card has the lines that can. */
function beyondPipelines({ pooling, longTexts }: Reading): string | null {
  if (pooling !== "pooler") return `This classifier pools by "${pooling}", which transformers' own classifier cannot.`;
  if (longTexts === "windows") return "Long texts are read in windows, which pipelines cannot.";
  return longTexts === "cut" ? null : "Long texts are read by their first and last tokens, which pipelines cannot.";
}

const linesInCard = (why: string, folder: string) =>
  [`# ${why}`, `# ${folder}/README.md has the lines that load it.`].join("\n");

/**
 * Three lines of Python that load the downloaded folder; `folder` is the name the zip unpacks to. For what pipelines
 * cannot do it takes the lines of the model card.
 */
export function pythonSnippet(folder: string, pair: boolean, reading: Reading): string {
  const why = beyondPipelines(reading);
  if (why !== null) return linesInCard(why, folder);
  return [
    "from transformers import pipeline",
    `classify = pipeline("text-classification", model=${JSON.stringify(folder)})`,
    callOf(pair, reading),
  ].join("\n");
}

/** More names than this are not shown on the page; whoever copies the code gets all of them. */
const mostNamed = 100;

/** What the lines that load an adapter depend on. */
interface AdapterFacts {
  reading: Reading;
  /** Name of the checkpoint that was trained. */
  baseModel: string;
  labelNames: readonly string[];
}

/** Python that loads the downloaded PEFT folder onto its checkpoint; `short` leaves out the names of many classes. */
export function adapterSnippet(
  folder: string,
  pair: boolean,
  { reading, baseModel, labelNames }: AdapterFacts,
  short = false,
): string {
  const why = beyondPipelines(reading);
  if (why !== null) return linesInCard(why, folder);
  const labels =
    short && labelNames.length > mostNamed
      ? `labels = [...]  # the names of all ${labelNames.length} classes: in the copied code, and in ${folder}/README.md`
      : `labels = ${JSON.stringify(labelNames)}`;
  return [
    "from peft import PeftModel",
    "from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline",
    labels,
    "base = AutoModelForSequenceClassification.from_pretrained(",
    `    ${JSON.stringify(baseModel)}, num_labels=len(labels), id2label=dict(enumerate(labels)),`,
    "    ignore_mismatched_sizes=True).float()",
    `model = PeftModel.from_pretrained(base, ${JSON.stringify(folder)}).merge_and_unload()`,
    `tokenizer = AutoTokenizer.from_pretrained(${JSON.stringify(folder)})`,
    'classify = pipeline("text-classification", model=model, tokenizer=tokenizer)',
    callOf(pair, reading),
  ].join("\n");
}
