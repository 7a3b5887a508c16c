import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Papa from "papaparse";

/** A file as Playwright hands it to an input of the page. */
export interface PageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A row of the shipped sample. */
interface Message {
  label: string;
  text: string;
}

const root = resolve(import.meta.dirname, "../..");
const tiny = join(root, "test/reference/tiny/checkpoint");

/** The folder of the starter model, to be dropped as a whole. */
export const starterFolder = join(root, "public/starter");

/** All rows of the shipped sample, in its order. */
export function messages(): Message[] {
  const text = readFileSync(join(root, "public/sample/sms-spam.csv"), "utf8");
  return Papa.parse<Message>(text, { header: true, skipEmptyLines: true }).data;
}

/** The first rows of each label, in the sample's order. */
export function firstOfEach(rowsPerLabel: number): Message[] {
  const taken = new Map<string, number>();
  return messages().filter(({ label }) => {
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return count <= rowsPerLabel;
  });
}

/** Rows as the text of a CSV file. */
export function csvOf(rows: readonly Message[]): string {
  return Papa.unparse([...rows], { columns: ["label", "text"] });
}

export function textFile(name: string, text: string): PageFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}

/**
 * The reference checkpoint of 2 layers with a tokenizer that spells words in letters and pairs of letters, and a [MASK]; what is
 * given in `changes` stands in a file's place, and null leaves it out.
 */
export function tinyCheckpoint(changes: Record<string, Buffer | string | null> = {}): PageFile[] {
  const files: Record<string, Buffer | string | null> = {
    "config.json": readFileSync(join(tiny, "config.json")),
    "model.safetensors": readFileSync(join(tiny, "model.safetensors")),
    "tokenizer.json": spellingTokenizer(997),
    ...changes,
  };
  return Object.entries(files).flatMap(([name, content]) =>
    content === null ? [] : [{ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) }],
  );
}

/** The tiny checkpoint's config with changed fields. */
export function tinyConfig(changes: Record<string, unknown>): string {
  const config: unknown = JSON.parse(readFileSync(join(tiny, "config.json"), "utf8"));
  return JSON.stringify({ ...(config instanceof Object ? config : {}), ...changes });
}

export function tinyWeights(): Buffer {
  return readFileSync(join(tiny, "model.safetensors"));
}

function spellingTokenizer(pieces: number): string {
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
  const pairs = letters.flatMap((first) => letters.map((second) => `##${first}${second}`));
  const spelling = [...specials, ...letters, ...letters.map((letter) => `##${letter}`), ...pairs].slice(0, pieces - 1);
  const vocabulary = [...spelling, "[MASK]"];
  return JSON.stringify({
    version: "1.0",
    added_tokens: [...specials, "[MASK]"].map((content) => {
      return { id: vocabulary.indexOf(content), content, special: true, normalized: false };
    }),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  });
}
