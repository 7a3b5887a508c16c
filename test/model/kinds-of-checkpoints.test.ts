import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { referenceFile } from "../../src/cli/parity/reference-file.ts";
import type { ByteSource } from "../../src/io/byte-source.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { openSafetensors, readTensor as readStored } from "../../src/io/safetensors.ts";
import { loadClassifier, openModel } from "../../src/run/open-model.ts";
import { score } from "../../src/run/score.ts";
import batches from "../reference/tiny/batches.json" with { type: "json" };
import { useNodeBackend } from "../node-backend.ts";
import { textSource } from "../io/model-folder.ts";
import {
  checkpointFiles,
  renamed,
  tinyConfig,
  tinyTensors,
  tinyTokenizer,
  weightFile,
  type StoredDtype,
  type Tensors,
} from "./tiny-checkpoint.ts";

const own = ["LABEL_0", "LABEL_1", "LABEL_2"];
/** Names that are not the checkpoint's, so that the classifier starts anew from the seed. */
const others = ["no", "perhaps", "yes"];

const atSeed5 = { start: "checkpoint", reinitializeLayers: 0, pooling: "pooler", seed: 5 } as const;

let tensors: Tensors;

beforeAll(async () => {
  await useNodeBackend("wasm");
  tensors = await tinyTensors();
});

/** Logits of the first reference batch. */
async function logitsOf(files: ByteSource[], labelNames: string[]): Promise<number[]> {
  const model = await loadClassifier(await openModel(files), labelNames, atSeed5);
  const [rows = []] = batches;
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach(({ input_ids }, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + input_ids.length));
  const ids = Int32Array.from(rows.flatMap(({ input_ids }) => input_ids));
  const types = Int32Array.from(rows.flatMap(({ token_type_ids }) => token_type_ids));
  const logits = await score(model, { ids, types, rowStart, fullLengths: rowStart.slice(1) }, labelNames.length);
  model.dispose();
  expect(logits).toHaveLength(24);
  return [...logits];
}

const withoutHead = (name: string) => (name.startsWith("classifier.") ? null : name);
const bare = (name: string) => withoutHead(name)?.replace(/^bert\./, "") ?? null;

describe("a checkpoint that is a classifier", () => {
  it("gives transformers' logits, for its classes in any order", async () => {
    const logits = await logitsOf(await checkpointFiles(tensors), own);
    const path = fileURLToPath(new URL("../reference/tiny/forward.safetensors", import.meta.url));
    const theirs = await readStored(await openSafetensors(await referenceFile(path)), "logits");
    theirs.forEach((value, i) => expect(logits[i]).toBeCloseTo(value, 4));
    const turned = await logitsOf(await checkpointFiles(tensors), ["LABEL_2", "LABEL_0", "LABEL_1"]);
    const expected = Array.from({ length: 8 }, (_, row) => [2, 0, 1].map((c) => logits[3 * row + c])).flat();
    turned.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
    expect(Math.max(...logits) - Math.min(...logits)).toBeGreaterThan(0.1);
  });

  it("starts its classifier anew for other classes, the same at the same seed", async () => {
    const anew = await logitsOf(await checkpointFiles(tensors), others);
    expect(anew).toEqual(await logitsOf(await checkpointFiles(tensors), others));
    expect(anew).not.toEqual(await logitsOf(await checkpointFiles(tensors), own));
  });

  it("says so in its summary", async () => {
    const { summary } = await openModel(await checkpointFiles(tensors));
    const parameters = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
    expect(summary).toMatchObject({
      layers: 2,
      hiddenSize: 64,
      heads: 2,
      parameters,
      bytes: 4 * parameters,
      dtype: "float32",
      vocabularySize: 997,
      maxPositions: 64,
      labelNames: own,
      notes: [],
    });
  });
});

describe("other kinds of checkpoints", () => {
  const kinds: { kind: string; rename: (name: string) => string | null; notes: number }[] = [
    { kind: "a bare model with the prefix bert.", rename: withoutHead, notes: 0 },
    { kind: "a bare model without the prefix", rename: bare, notes: 0 },
    {
      kind: "gamma and beta",
      rename: (name) =>
        withoutHead(name)
          ?.replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
          .replace(/LayerNorm\.bias$/, "LayerNorm.beta") ?? null,
      notes: 0,
    },
    {
      kind: "a classifier's weight turned into a language-model head",
      rename: (name) => name.replace(/^classifier\./, "cls.predictions.transform.dense."),
      notes: 1,
    },
  ];

  it.each(kinds)("loads to the same logits: $kind", async ({ rename, notes }) => {
    const files = await checkpointFiles(renamed(tensors, rename));
    expect((await openModel(files)).summary).toMatchObject({ labelNames: null });
    expect((await openModel(files)).summary.notes).toHaveLength(notes);
    expect(await logitsOf(files, others)).toEqual(await logitsOf(await checkpointFiles(tensors), others));
  });

  it("ignores position_ids and unknown tensors, and says so", async () => {
    const more = new Map(tensors);
    more.set("bert.embeddings.position_ids", { shape: [1, 64], values: new Float32Array(64) });
    more.set("something.else", { shape: [2], values: new Float32Array(2) });
    const files = await checkpointFiles(more);
    expect((await openModel(files)).summary.notes.join(" ")).toMatch(
      /2 tensors are not used by the classifier, e[.]g[.] something[.]else[.]/,
    );
    expect(await logitsOf(files, own)).toEqual(await logitsOf(await checkpointFiles(tensors), own));
  });

  it("starts a missing pooler anew, and the classifier over it, and says so", async () => {
    const files = await checkpointFiles(renamed(tensors, (name) => (name.includes("pooler") ? null : name)));
    const opened = await openModel(files);
    expect(opened.summary.notes.join(" ")).toContain("no pooler");
    const model = await loadClassifier(opened, own, atSeed5);
    const whole = new Map(tensors);
    for (const { name, value } of model.parameters) {
      if (/pooler|classifier/.test(name)) whole.set(name, { shape: value.shape, values: await readTensor(value) });
    }
    model.dispose();
    expect(new Set(whole.get("bert.pooler.dense.bias")?.values)).toEqual(new Set([0]));
    expect(await logitsOf(files, own)).toEqual(await logitsOf(await checkpointFiles(whole), own));
  });

  it.each<[StoredDtype, number, string]>([
    ["F16", 13, "float16"],
    ["BF16", 16, "bfloat16"],
  ])("reads %s exactly", async (dtype, droppedBits, name) => {
    const rounded: Tensors = new Map();
    for (const [key, { shape, values }] of tensors) {
      const bits = new Uint32Array(values.slice().buffer).map((word) => (word >>> droppedBits) << droppedBits);
      // Below float16's normal numbers the mask leaves too many bits.
      const kept = new Float32Array(bits.buffer).map((value) => (Math.abs(value) < 1e-4 ? 0 : value));
      rounded.set(key, { shape, values: kept });
    }
    const files = await checkpointFiles(rounded, { dtype });
    expect((await openModel(files)).summary.dtype).toBe(name);
    expect(await logitsOf(files, own)).toEqual(await logitsOf(await checkpointFiles(rounded), own));
  });

  it("reads shards by their index", async () => {
    const names = [...tensors.keys()];
    const half = (from: number, to: number) =>
      new Map(names.slice(from, to).map((name) => [name, tensors.get(name)] as const));
    const defined = (part: ReturnType<typeof half>): Tensors =>
      new Map([...part].flatMap(([name, tensor]) => (tensor ? [[name, tensor] as const] : [])));
    const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
    const weight_map = Object.fromEntries(names.map((name, i) => [name, shards[i < 9 ? 0 : 1]]));
    const files = [
      textSource("config.json", tinyConfig()),
      textSource("tokenizer.json", tinyTokenizer()),
      textSource("model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map })),
      await weightFile(shards[0], defined(half(0, 9))),
      await weightFile(shards[1], defined(half(9, names.length))),
    ];
    expect(await logitsOf(files, own)).toEqual(await logitsOf(await checkpointFiles(tensors), own));
  });
});

describe("hidden_act", () => {
  it("gives other logits for gelu, its tanh form and relu, the first two nearly the same", async () => {
    const logits = async (hidden_act: string) =>
      logitsOf(await checkpointFiles(tensors, { config: tinyConfig({ hidden_act }) }), own);
    const [gelu, tanhForm, relu] = [await logits("gelu"), await logits("gelu_new"), await logits("relu")];
    const farthest = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
    expect(farthest(gelu, tanhForm)).toBeGreaterThan(1e-6);
    expect(farthest(gelu, tanhForm)).toBeLessThan(1e-2);
    expect(farthest(gelu, relu)).toBeGreaterThan(2e-2);
  });
});
