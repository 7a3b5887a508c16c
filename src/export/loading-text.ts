import { pair, poolerWords, type ParameterNames } from "../model/names.ts";
import type { Pooling } from "../model/config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Task } from "../tasks/task.ts";
import { fenced } from "../io/markdown.ts";
import {
  exampleInput,
  exampleTexts,
  pipelineOptions,
  predictedByRows,
  readingSentence,
  rowsFunction,
  scoresOfLogits,
  type Reading,
} from "./reading-text.ts";

const mask = 'mask = x["attention_mask"].unsqueeze(-1)';

/** How the classifier reads a row, in words and in PyTorch: `x` is the tokenizer's output, `states` all layers'. */
const readings: Record<Exclude<Pooling, "pooler">, { words: string; code: string[] }> = {
  cls: { words: "the first token ([CLS]) of the last layer", code: ["pooled = states[-1][:, 0]"] },
  mean: {
    words: "the mean of the last layer over a text's tokens",
    code: [mask, "pooled = (states[-1] * mask).sum(1) / mask.sum(1)"],
  },
  "mean-last-4": {
    words: "the mean of the last four layers over a text's tokens",
    code: [mask, "pooled = (sum(states[1:][-4:]) / len(states[1:][-4:]) * mask).sum(1) / mask.sum(1)"],
  },
};

/** Python that has the model's outputs for any texts, and the names of the classifier's parameters. */
interface Loaded {
  recipe: Pick<Recipe, "pooling"> & Reading;
  names: Pick<ParameterNames, "classifier" | "pooler">;
  isPair: boolean;
  task: Pick<Task, "scoredBy">;
}

/** The part of the model card on how to load the folder in Python: what transformers' own classifier can and cannot. */
export function loadingText(loaded: Loaded): string {
  const { recipe, names } = loaded;
  const { pooling, longTexts } = recipe;
  if (pooling === "pooler" && longTexts === "cut") return fenced("python", pipelineLines(loaded));
  const ofPooling =
    pooling === "pooler"
      ? []
      : [
          `The classifier reads ${readings[pooling].words}, without the ${poolerWords(names)}. ` +
            "`AutoModelForSequenceClassification` and pipelines made of it would put that layer before it and predict " +
            "something else; load the encoder, and the classifier beside it.",
        ];
  const ofTexts =
    longTexts === "cut" ? [] : [`${readingSentence(recipe)} Pipelines cut them and predict something else.`];
  const lines = [...importLines(loaded), "", ...modelLines(loaded), ...predictionLines(loaded)];
  return [
    [...ofPooling, ...ofTexts].join(" "),
    fenced("python", lines.join("\n")),
    "Tabtune reads the field `tabtune` of `config.json` and does the same.",
  ].join("\n\n");
}

/** The same for a model that labels words: transformers' pipeline groups words as Tabtune does. */
export function entitiesText(pipeline: string, { maxLength, windowOverlap }: Reading): string {
  const lines = [
    "from transformers import AutoTokenizer, pipeline",
    "",
    '# The path of this folder, e.g. "./model"',
    `tokenizer = AutoTokenizer.from_pretrained("./model", model_max_length=${maxLength})`,
    `find = pipeline("${pipeline}", model="./model", tokenizer=tokenizer, aggregation_strategy="first",`,
    `                stride=${windowOverlap})`,
    'print(find("A text of your own"))',
  ];
  return fenced("python", lines.join("\n"));
}

function pipelineLines({ recipe: { maxLength }, isPair, task }: Loaded): string {
  return [
    "from transformers import pipeline",
    "",
    '# The path of this folder, e.g. "./model"',
    `classify = pipeline("text-classification", model="./model", ${pipelineOptions(task)})`,
    `print(classify(${exampleInput(isPair)}, truncation=True, max_length=${maxLength}))`,
  ].join("\n");
}

function importLines({ recipe }: Loaded): string[] {
  const isPooler = recipe.pooling === "pooler";
  return [
    "import torch",
    ...(isPooler ? [] : ["from safetensors.torch import load_file"]),
    `from transformers import ${isPooler ? "AutoModelForSequenceClassification" : "AutoModel"}, AutoTokenizer`,
  ];
}

function modelLines({ recipe, names, isPair }: Loaded): string[] {
  const { weight, bias } = pair(names.classifier);
  return [
    'folder = "./model"  # the path of this folder',
    ...exampleTexts(isPair),
    "tokenize = AutoTokenizer.from_pretrained(folder)",
    ...(recipe.pooling === "pooler"
      ? ["model = AutoModelForSequenceClassification.from_pretrained(folder).eval()"]
      : [
          'model, weights = AutoModel.from_pretrained(folder).eval(), load_file(f"{folder}/model.safetensors")',
          `weight, bias = (weights[name].to(model.dtype) for name in ("${weight}", "${bias}"))`,
        ]),
  ];
}

/** The predictions of `texts`, by `tokenize` and `model`: all at once where they are cut, else one after another. */
function predictionLines({ recipe, isPair, task }: Loaded): string[] {
  const { pooling, longTexts, maxLength } = recipe;
  const logits =
    pooling === "pooler"
      ? undefined
      : [
          "out = model(**x, output_hidden_states=True)",
          // Where a norm follows the last layer, some versions have hidden_states[-1] without it.
          "states = (*out.hidden_states[:-1], out.last_hidden_state)",
          ...readings[pooling].code,
          "logits = pooled @ weight.T + bias",
        ];
  if (longTexts === "cut") {
    return [
      `x = tokenize(texts, ${isPair ? "seconds, " : ""}padding=True, truncation=True, max_length=${maxLength}, return_tensors="pt")`,
      "with torch.no_grad():",
      ...(logits ?? ["logits = model(**x).logits"]).map((line) => `    ${line}`),
      `print([dict(zip(model.config.id2label.values(), row)) for row in ${scoresOfLogits(task)}.tolist()])`,
    ];
  }
  return ["", ...rowsFunction(recipe, isPair), "", ...predictedByRows(task, isPair, logits)];
}
