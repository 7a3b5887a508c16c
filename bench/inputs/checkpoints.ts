import { mkdir, open, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/data/random.ts";
import { safetensorsHeader, encodeTensor } from "../../src/io/safetensors-write.ts";
import { configFile, parameterShapes, randomWeights, type ModelShape, type Weights } from "./model-shape.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";

/** Numbers held in memory at a time. */
const SLICE = 1 << 20;
/** The checkpoint whose tokenizer the folder gets, with 30,522 pieces. */
const TOKENIZER_FROM = "public/starter";

interface Entry {
  name: string;
  dtype: "float32";
  shape: number[];
}

/**
 * Writes a checkpoint of random weights as `BertModel` has them, slice by slice, with the starter model's tokenizer.
 *
 * @param shards weight files; more than one get an index
 * @returns bytes of all weight files
 */
export async function writeCheckpoint(folder: string, shape: ModelShape, shards = 1): Promise<number> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify(configFile(shape)));
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    await copyFile(join(TOKENIZER_FROM, name), join(folder, name));
  }
  const entries = [...parameterShapes(shape)]
    .filter(([name]) => !name.startsWith("classifier."))
    .map(([name, dimensions]): Entry => ({ name, dtype: "float32", shape: dimensions }));
  const block = normalBlock();
  const weightMap: Record<string, string> = {};
  let bytes = 0;
  for (const [i, some] of inShards(entries, shards).entries()) {
    const name = shards === 1 ? "model.safetensors" : `model-${numbered(i + 1)}-of-${numbered(shards)}.safetensors`;
    bytes += await writeWeights(join(folder, name), some, block);
    for (const entry of some) weightMap[entry.name] = name;
  }
  if (shards > 1) {
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
  }
  return bytes;
}

const numbered = (n: number) => String(n).padStart(5, "0");
const sizeOf = ({ shape }: Entry) => shape.reduce((product, size) => product * size, 1);

/** In order, each shard as large as its share of what the ones before have left. */
function inShards(entries: readonly Entry[], shards: number): Entry[][] {
  const parts = Array.from({ length: shards }, (): Entry[] => []);
  let left = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  let shard = 0;
  let wanted = left / shards;
  for (const entry of entries) {
    parts[shard]?.push(entry);
    left -= sizeOf(entry);
    wanted -= sizeOf(entry);
    if (wanted > 0 || shard === shards - 1) continue;
    shard++;
    wanted = left / (shards - shard);
  }
  return parts;
}

async function writeWeights(path: string, entries: readonly Entry[], block: Float32Array): Promise<number> {
  const file = await open(path, "w");
  try {
    const header = safetensorsHeader(entries, { format: "pt" });
    await file.write(header);
    let bytes = header.byteLength;
    const slice = new Float32Array(SLICE);
    for (const entry of entries) {
      for (let start = 0; start < sizeOf(entry); start += SLICE) {
        const some = slice.subarray(0, Math.min(SLICE, sizeOf(entry) - start));
        fill(some, entry.name, start, block);
        await file.write(new Uint8Array(some.buffer, 0, some.byteLength));
        bytes += some.byteLength;
      }
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** The initial values that transformers gives: LayerNorm 1 and 0, biases 0, the rest normal. */
function fill(values: Float32Array, name: string, start: number, block: Float32Array): void {
  if (name.endsWith("LayerNorm.weight")) values.fill(1);
  else if (name.endsWith(".bias")) values.fill(0);
  else {
    // Names of different layers begin at different places of the block, so that no two layers are equal.
    const first = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 0) >>> 0;
    let at = (first + start) % block.length;
    for (let i = 0; i < values.length; i++) {
      values[i] = block[at] ?? 0;
      at = at + 1 === block.length ? 0 : at + 1;
    }
  }
}

/** Normal numbers with a deviation of 0.02 (Box and Muller 1958); their count is a prime, so that no tensor repeats in step with it. */
function normalBlock(): Float32Array {
  const random = createRandom(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return new Float32Array(1_048_573).map(() => 0.02 * normal());
}

/** model.safetensors with these weights, float32. */
export function weightFile(weights: Weights): Buffer {
  const entries = [...weights].map(([name, { shape }]) => ({ name, dtype: "float32", shape }) as const);
  return Buffer.concat([
    safetensorsHeader(entries, { format: "pt" }),
    ...[...weights.values()].map(({ values }) => encodeTensor(values, "float32")),
  ]);
}

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** Opens an untrained classifier whose files exist in memory alone. */
export async function openRandomModel(shape: ModelShape, seed: number): Promise<OpenedModel> {
  const weights = [...randomWeights(shape, seed)];
  const entries = weights.map(([name, { shape: sizes }]) => ({ name, dtype: "float32" as const, shape: sizes }));
  const tensors = weights.map(([, { values }]) => encodeTensor(values, "float32"));
  const file = await new Blob([safetensorsHeader(entries, {}), ...tensors]).arrayBuffer();
  const id2label = Object.fromEntries(Array.from({ length: shape.classes }, (_, k) => [String(k), `old ${k}`]));
  const architectures = ["BertForSequenceClassification"];
  return openModel([
    jsonSource("config.json", { ...configFile(shape), architectures, id2label }),
    jsonSource("tokenizer.json", tokenizerOf(shape.vocabulary)),
    bytesSource("model.safetensors", new Uint8Array(file)),
  ]);
}

/** A word for each id after the special tokens. */
function tokenizerOf(vocabulary: number) {
  const words = [...SPECIAL, ...Array.from({ length: vocabulary - SPECIAL.length }, (_, i) => `w${i}`)];
  return {
    version: "1.0",
    added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    model: { type: "WordPiece", unk_token: "[UNK]", vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
  };
}

function jsonSource(name: string, value: unknown): ByteSource {
  return bytesSource(name, new TextEncoder().encode(JSON.stringify(value)));
}
