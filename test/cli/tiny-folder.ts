import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { readAll } from "../../src/io/byte-source.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { checkpointFiles, tinyConfig, tinyTensors, type Reference } from "../model/tiny-checkpoint.ts";

const subjects = ["the film", "this phone", "our train", "the soup", "her book", "that hotel", "the game", "his song"];
const praise = ["is wonderful", "was a joy", "is the best", "made me happy", "is great", "was lovely"];
const blame = ["is awful", "was a mess", "is the worst", "made me sad", "is broken", "was dull"];

/** Texts of two classes that share their subjects, no two alike. */
const rows = subjects.flatMap((subject) => [
  ...praise.map((end) => [`${subject} ${end}`, "good"] as const),
  ...blame.map((end) => [`${subject} ${end}`, "bad"] as const),
]);

const csv = (some: typeof rows) => ["text,label", ...some.map((row) => row.join(","))].join("\n");

export interface TinyFolder {
  folder: string;
  model: string;
  data: string;
  valid: string;
}

/**
 * A folder with a reference's checkpoint, a tokenizer of as many pieces as it has vectors ([MASK] among them), a CSV to
 * train on and one to validate on.
 */
export async function tinyFolder(reference: Reference = "tiny"): Promise<TinyFolder> {
  const folder = await mkdtemp(join(tmpdir(), "tabtune-cli-"));
  const model = join(folder, "tiny");
  await mkdir(model);
  const config = tinyConfig({}, reference);
  const { vocab_size } = v.parse(v.object({ vocab_size: v.number() }), JSON.parse(config));
  const words = [...new Set(rows.flatMap(([text]) => text.split(" ")))];
  const filler = Array.from({ length: vocab_size - 4 - words.length }, (_, i) => (i === 0 ? "[MASK]" : `filler${i}`));
  const tokenizer = smallTokenizer([...words, ...filler]).tokenizerJson;
  for (const file of await checkpointFiles(await tinyTensors(reference), { config, tokenizer })) {
    await writeFile(join(model, file.name), await readAll(file));
  }
  const [data, valid] = [join(folder, "train.csv"), join(folder, "valid.csv")];
  await writeFile(data, csv(rows.filter((_, i) => i % 5 !== 3)));
  await writeFile(valid, csv(rows.filter((_, i) => i % 5 === 3)));
  return { folder, model, data, valid };
}
