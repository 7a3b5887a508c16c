import { readFileSync } from "node:fs";
import { createRandom, shuffledIndices } from "../../src/data/random.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import type { Rows } from "./model-shape.ts";

const ROWS = 16;
const SEED = 42;
/** To which the classic recipe pads, and cuts. */
export const PADDED_LENGTH = 128;

/**
 * Tokens of each of the rows that `sst2Rows` draws from SST-2's train.tsv (6,920 sentences, the copy of
 * github.com/clairett/pytorch-sentiment-classification), [CLS] and [SEP] included. The sentences state no licence and
 * are not shipped; the time of a step depends on their lengths alone.
 */
export const SST2_LENGTHS = [53, 25, 25, 33, 22, 18, 24, 36, 27, 33, 18, 25, 17, 20, 25, 8];

/**
 * The first 16 rows of SST-2 in a seeded order, tokenized by the starter model's tokenizer.
 *
 * @param path a file with a sentence, a tab and 0 or 1 on each line
 */
export function sst2Rows(path: string): Rows {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes("\t"));
  const tokenizer = createTokenizer({
    tokenizerJson: readFileSync("public/starter/tokenizer.json", "utf8"),
    tokenizerConfigJson: readFileSync("public/starter/tokenizer_config.json", "utf8"),
  });
  const rows: Rows = { ids: [], types: [], labels: [] };
  for (const index of shuffledIndices(lines.length, createRandom(SEED)).subarray(0, ROWS)) {
    const [text = "", label = ""] = (lines[index] ?? "").split("\t");
    const { ids, types } = tokenizer.encode(text, null, PADDED_LENGTH);
    rows.ids.push(ids);
    rows.types.push(types);
    rows.labels.push(Number(label));
  }
  return rows;
}
