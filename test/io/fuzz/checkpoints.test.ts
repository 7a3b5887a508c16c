import { zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesSource, readAll, type ByteSource } from "../../../src/io/byte-source.ts";
import { readTensor } from "../../../src/io/safetensors.ts";
import { readConfig } from "../../../src/families/registry.ts";
import { parameterLayout } from "../../../src/model/layout.ts";
import { modelFacts } from "../../../src/run/model-facts.ts";
import { openModel } from "../../../src/run/open-model.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { checkpointFiles, type Tensors } from "../../model/tiny-checkpoint.ts";
import { smallTokenizer } from "../../tokenize/starter-tokenizer.ts";
import { endsInProblem, fuzz, mutated, mutatedJson, randomBytes } from "./fuzzed.ts";

const config = {
  architectures: ["BertForSequenceClassification"],
  model_type: "bert",
  vocab_size: 12,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 16,
  type_vocab_size: 2,
  id2label: { 0: "bad", 1: "good" },
  label2id: { bad: 0, good: 1 },
  tabtune: { pooling: "pooler" },
};
const words = ["the", "soup", "##s", "was", "dull", ".", "é", "汤"];
const tokenizer: unknown = JSON.parse(
  smallTokenizer(words, { truncation: { max_length: 8, strategy: "LongestFirst", stride: 0, direction: "Right" } })
    .tokenizerJson,
);
const tokenizerConfig = { do_lower_case: true, model_max_length: 16, tokenizer_class: "BertTokenizer" };

/** The files of a whole small checkpoint, by name. */
const files = new Map<string, Uint8Array<ArrayBuffer>>();
let headerBytes = 0;
const text = (content: string) => new TextEncoder().encode(content);

beforeAll(async () => {
  const tensors: Tensors = new Map();
  for (const { parts, partShape } of parameterLayout(readConfig(config), 2, "pooler")) {
    const count = partShape.reduce((a, b) => a * b, 1);
    for (const part of parts) tensors.set(part, { shape: partShape, values: new Float32Array(count).fill(0.1) });
  }
  const made = await checkpointFiles(tensors, {
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
  });
  for (const source of made) files.set(source.name, await readAll(source));
  files.set("tokenizer_config.json", text(JSON.stringify(tokenizerConfig)));
  const weights = files.get("model.safetensors") ?? new Uint8Array(8);
  headerBytes = 8 + Number(new DataView(weights.buffer).getBigUint64(0, true));
});

/** Opens a checkpoint as far as goes without a backend: config, tokenizer, class names and all tensors. */
async function open(sources: ByteSource[]): Promise<void> {
  const opened = await openModel(sources);
  modelFacts(opened);
  const encoder = createTokenizer(opened.tokenizer);
  for (const pair of [null, "was é"]) {
    const { ids } = encoder.encode("The soups were dull. 汤 \ud83d\ude42", pair, 16);
    expect(ids.filter((id) => !(id >= 0 && id < opened.config.vocabularySize))).toEqual([]);
  }
  const { weights } = opened.files;
  for (const name of weights.tensors.keys()) await readTensor(weights, name);
}

const withFile = (name: string, bytes: Uint8Array<ArrayBuffer>) =>
  [...new Map(files).set(name, bytes)].map(([base, contents]) => bytesSource(base, contents));
const packed = () => zipSync(Object.fromEntries(files));

/** For each part of a checkpoint: its name and how it is made. */
const parts: Record<string, { name: string; json?: unknown; start: string }> = {
  config: { name: "config.json", json: config, start: '{"model_type":"bert",' },
  tokenizer: { name: "tokenizer.json", json: tokenizer, start: '{"model":{"type":"' },
  tokenizerConfig: { name: "tokenizer_config.json", json: tokenizerConfig, start: '{"' },
};
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

describe("openModel ends in a model or a Problem", () => {
  it("opens the checkpoint and its zip as they are", async () => {
    expect(await endsInProblem(() => open(withFile("x", new Uint8Array(0))))).toBe(false);
    expect(await endsInProblem(() => open([bytesSource("a.zip", new Uint8Array(packed()))]))).toBe(false);
  });

  it.each(Object.keys(parts))("%s: of random bytes, changed bytes and changed values", async (part) => {
    const { name, json, start } = parts[part] ?? { name: "", start: "" };
    const valid = text(JSON.stringify(json));
    const ways = [
      (random: () => number) => randomBytes(random, start),
      (random: () => number) => mutated(random, valid),
      (random: () => number) => text(mutatedJson(random, json)),
    ];
    expect(await fuzz(name, ways, (bytes) => open(withFile(name, bytes)), latin)).toBe(true);
  });

  it("safetensors: of random bytes, and of changed headers and values in them", async () => {
    const valid = files.get("model.safetensors") ?? new Uint8Array(0);
    const header: unknown = JSON.parse(new TextDecoder().decode(valid.subarray(8, headerBytes)));
    const ways = [
      (random: () => number) => randomBytes(random, "\x20\0\0\0\0\0\0\0{"),
      (random: () => number) => mutated(random, valid, headerBytes),
      (random: () => number) => {
        const json = text(mutatedJson(random, header));
        const length = new Uint8Array(8);
        new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
        return Uint8Array.from([...length, ...json, ...valid.subarray(headerBytes)]);
      },
    ];
    const read = (bytes: Uint8Array<ArrayBuffer>) => open(withFile("model.safetensors", bytes));
    expect(await fuzz("model.safetensors", ways, read, latin)).toBe(true);
  });

  it("shards: of changed indices", async () => {
    const names = JSON.parse(
      new TextDecoder().decode(files.get("model.safetensors")?.subarray(8, headerBytes)),
    ) as object;
    const shard = "model-00001-of-00001.safetensors";
    const index = { metadata: {}, weight_map: Object.fromEntries(Object.keys(names).map((name) => [name, shard])) };
    const sources = (bytes: Uint8Array<ArrayBuffer>) => [
      ...withFile("model.safetensors.index.json", bytes).filter(({ name }) => name !== "model.safetensors"),
      bytesSource(shard, files.get("model.safetensors") ?? new Uint8Array(0)),
    ];
    expect(await endsInProblem(() => open(sources(text(JSON.stringify(index)))))).toBe(false);
    const ways = [
      (random: () => number) => randomBytes(random, '{"weight_map":{'),
      (random: () => number) => text(mutatedJson(random, index)),
    ];
    expect(await fuzz("index", ways, (bytes) => open(sources(bytes)), latin)).toBe(true);
  });

  it("zip: of random bytes, and of changed zips", async () => {
    const valid = packed();
    const ways = [
      (random: () => number) => randomBytes(random, "PK\x03\x04"),
      (random: () => number) => mutated(random, valid),
      // Where sizes and places of files are written.
      (random: () => number) => Uint8Array.from([...valid.subarray(0, -600), ...mutated(random, valid.subarray(-600))]),
    ];
    expect(await fuzz("zip", ways, (bytes) => open([bytesSource("a.zip", bytes)]), latin)).toBe(true);
  });
});
