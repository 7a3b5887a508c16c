import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { TokenizerFiles } from "../../src/tokenize/tokenizer.ts";

/** A text or a pair with what the Rust library makes of it. */
interface RustCase {
  text: string;
  pair?: string;
  truncation?: "longest_first" | "only_first" | "only_second";
  max_length: number;
  ids: number[];
  type_ids: number[];
}

/** A small tokenizer of one of the kinds that checkpoints have; `tokenizer` is its tokenizer.json where it has one. */
export interface Kind {
  tokenizer?: object;
  config: object;
  cases: RustCase[];
}

/** The bench bundles this file, so that it finds the others from the project's folder. */
const unpacked = (name: string) => gunzipSync(readFileSync(`test/tokenize/kinds/${name}`));

/** The kinds that have a tokenizer.json. */
export const kindNames = [
  ...["bert-multilingual-cased", "distilbert", "electra", "mpnet"],
  ...["gpt2", "roberta", "modernbert"],
  ...["albert", "camembert", "t5", "xlm-roberta", "xlm-roberta-hub"],
] as const;

/** All SentencePiece tokenizers have the same map of characters, so it is kept once. */
const charsmap = unpacked("charsmap.gz");

export function readKind(name: string): Kind {
  return JSON.parse(unpacked(`${name}.json.gz`).toString()) as Kind;
}

export function kindFiles({ tokenizer, config }: Kind): TokenizerFiles {
  const tokenizerJson = JSON.stringify(tokenizer).replace('"charsmap.gz"', `"${charsmap.toString("base64")}"`);
  return { tokenizerJson, tokenizerConfigJson: JSON.stringify(config) };
}

/** A SentencePiece model: the file's first four bytes say where its map of characters belongs. */
export function sentencePieceModel(name: string): Uint8Array {
  const bytes = unpacked(`${name}.model.gz`);
  const at = 4 + bytes.readUInt32LE(0);
  return Buffer.concat([bytes.subarray(4, at), charsmap, bytes.subarray(at)]);
}

/**
 * Where the Rust library says that the tokens of a kind's single texts stand, by text: for each token its distance from the
 * end of the token before and its length, in code points.
 */
export function readSpans(name: string): number[][] {
  const all = JSON.parse(unpacked("spans.json.gz").toString()) as Record<string, number[][]>;
  return all[name] ?? [];
}
