import { readFileSync } from "node:fs";
import { defaultRecipe, type Recipe } from "../src/recipe/recipe.ts";
import { configFile, weightFile } from "./checkpoint-files.ts";
import { randomWeights, type BertShape } from "./minilm-shape.ts";

/** A file as Playwright hands it to a page. */
export interface PageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const VOCABULARY = [...SPECIAL_TOKENS, ...LETTERS, ...[...LETTERS].map((letter) => `##${letter}`)];

/** As small as a BERT can be here: 20,000 of its steps take minutes, not days. */
const shape: BertShape = {
  layers: 1,
  hidden: 16,
  heads: 4,
  intermediate: 16,
  vocabulary: VOCABULARY.length,
  positions: 16,
  types: 2,
  classes: 2,
  layerNormEpsilon: 1e-12,
};

/** The whole sample, 5,574 rows. */
export function sampleTable(): PageFile {
  return { name: "sms-spam.csv", mimeType: "text/csv", buffer: readFileSync("public/sample/sms-spam.csv") };
}

/** A checkpoint of random weights with a tokenizer that spells words in letters. */
export function tinyCheckpoint(): PageFile[] {
  return [
    jsonFile("config.json", configFile(shape)),
    { name: "model.safetensors", mimeType: "application/octet-stream", buffer: weightFile(randomWeights(shape, 1)) },
    jsonFile("tokenizer.json", {
      version: "1.0",
      added_tokens: SPECIAL_TOKENS.map((content, id) => ({ id, content, special: true, normalized: false })),
      normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
      },
    }),
    jsonFile("tokenizer_config.json", { tokenizer_class: "BertTokenizer", do_lower_case: true }),
  ];
}

/** One row a step and many epochs: more steps than are waited for. All else as in every run, evaluations included. */
export function longRecipe(): PageFile {
  const recipe: Recipe = { ...defaultRecipe, batchSize: 1, epochs: 20, maxLength: shape.positions };
  return jsonFile("recipe.json", recipe);
}

function jsonFile(name: string, value: object): PageFile {
  return { name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) };
}
