import type { Recipe } from "../../recipe/recipe.ts";

const inputOf = (pair: boolean) =>
  pair ? '{"text": "A first text", "text_pair": "A second text"}' : '"A text to classify"';

/**
 * Three lines of Python that load the downloaded folder; `folder` is the name the zip unpacks to. transformers' own
 * classifier reads the pooler alone: for another pooling it takes the lines of the model card.
 */
export function pythonSnippet(folder: string, pair: boolean, pooling: Recipe["pooling"]): string {
  if (pooling !== "pooler") {
    return [
      `# This classifier pools by "${pooling}", which transformers' own classifier cannot.`,
      `# ${folder}/README.md has the lines that load it.`,
    ].join("\n");
  }
  return [
    "from transformers import pipeline",
    `classify = pipeline("text-classification", model=${JSON.stringify(folder)})`,
    `print(classify(${inputOf(pair)}))`,
  ].join("\n");
}

/** More names than this are not shown on the page; whoever copies the code gets all of them. */
const mostNamed = 100;

/** Python that loads the downloaded PEFT folder onto its checkpoint; `short` leaves out the names of many classes. */
export function adapterSnippet(
  folder: string,
  pair: boolean,
  baseModel: string,
  labelNames: readonly string[],
  short = false,
): string {
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
    `print(classify(${inputOf(pair)}))`,
  ].join("\n");
}
