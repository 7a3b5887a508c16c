const whole = [
  { file: "model.safetensors", what: "the trained weights under Hugging Face’s names" },
  { file: "config.json", what: "the model’s shape and the names of your classes" },
];

const adapter = [
  { file: "adapter_model.safetensors", what: "LoRA’s matrices and the classifier under PEFT’s names" },
  { file: "adapter_config.json", what: "the rank, the targets and the checkpoint they belong to" },
];

const both = [
  { file: "tokenizer.json", what: "the tokenizer, with the files that came beside it" },
  { file: "README.md", what: "a model card: data, recipe, results" },
  { file: "recipe.json", what: "the recipe, to load here again" },
  { file: "metrics.jsonl", what: "every step and every evaluation" },
  { file: "predictions.csv", what: "every validation row with its probabilities" },
];

/** What the downloaded zip holds, and what each file is for. */
export const zipContents = { merged: [...whole, ...both], adapter: [...adapter, ...both] };
