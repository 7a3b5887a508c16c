import type { Recipe } from "../../recipe/recipe.ts";

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
  const input = pair ? '{"text": "A first text", "text_pair": "A second text"}' : '"A text to classify"';
  return [
    "from transformers import pipeline",
    `classify = pipeline("text-classification", model=${JSON.stringify(folder)})`,
    `print(classify(${input}))`,
  ].join("\n");
}
