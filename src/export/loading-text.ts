import { pair, type ParameterNames } from "../model/names.ts";
import type { Pooling } from "../model/config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { fenced } from "../io/markdown.ts";

const mask = 'mask = x["attention_mask"].unsqueeze(-1)';

/** How the classifier reads a row, in words and in PyTorch: `x` is the tokenizer's output, `states` all layers'. */
const readings: Record<Exclude<Pooling, "pooler">, { words: string; code: string[] }> = {
  cls: { words: "[CLS] of the last layer", code: ["pooled = states[-1][:, 0]"] },
  mean: {
    words: "the mean of the last layer over a text's tokens",
    code: [mask, "pooled = (states[-1] * mask).sum(1) / mask.sum(1)"],
  },
  "mean-last-4": {
    words: "the mean of the last four layers over a text's tokens",
    code: [mask, "pooled = (sum(states[1:][-4:]) / len(states[1:][-4:]) * mask).sum(1) / mask.sum(1)"],
  },
};

/** What a pipeline is called with, as Python: one text, or a text and its second text. */
export function exampleInput(isPair: boolean): string {
  return isPair ? '{"text": "A text of your own", "text_pair": "Its second text"}' : '"A text of your own"';
}

/** The part of the model card on how to load the folder in Python: what transformers' own classifier can and cannot. */
export function loadingText(
  { pooling, maxLength }: Pick<Recipe, "pooling" | "maxLength">,
  { classifier }: Pick<ParameterNames, "classifier">,
  isPair: boolean,
): string {
  if (pooling === "pooler") {
    return fenced(
      "python",
      [
        "from transformers import pipeline",
        "",
        '# The path of this folder, e.g. "./model"',
        'classify = pipeline("text-classification", model="./model", top_k=None)',
        `print(classify(${exampleInput(isPair)}, truncation=True, max_length=${maxLength}))`,
      ].join("\n"),
    );
  }
  const { words, code } = readings[pooling];
  return [
    `The classifier reads ${words}, without the pooler. \`AutoModelForSequenceClassification\` and pipelines made of ` +
      "it would put the pooler before it and predict something else; load the encoder, and the classifier beside it:",
    fenced(
      "python",
      [
        "from safetensors.torch import load_file",
        "from transformers import AutoModel, AutoTokenizer",
        "",
        'folder, texts = "./model", ["A text of your own"]  # the path of this folder',
        ...(isPair ? ['seconds = ["Its second text"]'] : []),
        'encoder, weights = AutoModel.from_pretrained(folder), load_file(f"{folder}/model.safetensors")',
        "tokenize = AutoTokenizer.from_pretrained(folder)",
        `x = tokenize(texts, ${isPair ? "seconds, " : ""}padding=True, truncation=True, max_length=${maxLength}, return_tensors="pt")`,
        "states = encoder(**x, output_hidden_states=True).hidden_states",
        ...code,
        `weight, bias = (weights[name].to(pooled.dtype) for name in ("${pair(classifier).weight}", "${pair(classifier).bias}"))`,
        "probabilities = (pooled @ weight.T + bias).softmax(-1).tolist()",
        "print([dict(zip(encoder.config.id2label.values(), row)) for row in probabilities])",
      ].join("\n"),
    ),
    'Tabtune reads `"tabtune": {"pooling": …}` of `config.json` and does the same.',
  ].join("\n\n");
}
