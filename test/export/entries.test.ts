import { describe, expect, it } from "vitest";
import { bert } from "../../src/families/bert/bert.ts";
import { exportEntries, type ExportContents, type ExportEntry } from "../../src/export/entries.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";
import { scoresOf } from "../../src/metrics/report-of.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { starterFiles } from "../tokenize/starter-tokenizer.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

const tensors = new Map([
  ["classifier.weight", { shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0.1, 1e-7, -0) }],
  ["bert.embeddings.word_embeddings.weight", { shape: [5, 1], values: Float32Array.of(1, 2, 3, 4, 5) }],
  ["classifier.bias", { shape: [2], values: Float32Array.of(0.25, -0.25) }],
]);

function contents(reads: string[], dtype: "float32" | "float16" = "float32"): ExportContents {
  return {
    baseConfig: { hidden_size: 3, max_position_embeddings: 512 },
    maxPositions: 512,
    segmentTypes: 2,
    dtype,
    weights: {
      entries: [...tensors].map(([name, { shape }]) => ({ name, shape })),
      read(name) {
        reads.push(name);
        return Promise.resolve(tensors.get(name)?.values ?? new Float32Array(0));
      },
    },
    adapter: null,
    tokenizerJson: starterFiles.tokenizerJson,
    tokenizerConfigJson: starterFiles.tokenizerConfigJson,
    extra: [
      bytesSource("vocab.txt", new TextEncoder().encode("[PAD]\n")),
      bytesSource("recipe.json", new Uint8Array(1)),
    ],
    card: {
      task: defaultTrainedTask,
      family: bert,
      name: "small",
      baseModel: "owner/base",
      baseLicence: "",
      dataName: "d.csv",
      trainRows: 3,
      labelNames: ["ham", "spam"],
      report: Object.assign(scoresOf([1, 0, 0, 1], 2), { logLoss: 0 }),
      weights: "best",
      step: 4,
      isPair: false,
      recipe: { ...defaultRecipe, seed: 9 },
    },
    events: [{ type: "step", step: 1 }, { type: "end" }],
    predictions: {
      task: defaultTrainedTask,
      rows: [
        { line: 1, text: "é", pair: null },
        { line: 2, text: "b", pair: null },
      ],
      truth: { labels: Int32Array.of(0, 1) },
      scores: rowScoresFrom(Int32Array.of(0, 1), [1, 0, 0, 1], 2),
    },
  };
}

async function bytesOf(input: ExportEntry["input"]): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof input === "string") return new TextEncoder().encode(input);
  if (input instanceof Uint8Array) return Uint8Array.from(input);
  const parts: number[] = [];
  for await (const part of input) parts.push(...part);
  return Uint8Array.from(parts);
}

async function folderOf(made: ExportContents): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const folder = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { name, input } of exportEntries(made)) {
    expect(folder.has(name)).toBe(false);
    folder.set(name, await bytesOf(input));
  }
  return folder;
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("exportEntries", () => {
  it("has every file of the folder once", async () => {
    const folder = await folderOf(contents([]));
    expect([...folder.keys()].sort()).toEqual([
      "README.md",
      "config.json",
      "metrics.jsonl",
      "model.safetensors",
      "predictions.csv",
      "recipe.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "vocab.txt",
    ]);
    expect(textOf(folder.get("vocab.txt"))).toBe("[PAD]\n");
    expect(parseRecipe(textOf(folder.get("recipe.json"))).seed).toBe(9);
    expect(textOf(folder.get("metrics.jsonl"))).toBe('{"type":"step","step":1}\n{"type":"end"}\n');
    expect(textOf(folder.get("predictions.csv"))).toContain("1,é,ham,ham,1,0\r\n");
    expect(textOf(folder.get("README.md"))).toContain("base_model");
    const files = { tokenizerJson: textOf(folder.get("tokenizer.json")), tokenizerConfigJson: "{}" };
    expect(createTokenizer(files).last.id).toBe(30521);
  });

  it.each(["float32", "float16"] as const)("writes weights that read back, as %s", async (dtype) => {
    const folder = await folderOf(contents([], dtype));
    const source = bytesSource("model.safetensors", folder.get("model.safetensors") ?? new Uint8Array(0));
    const file = await openSafetensors(source);
    expect(file.metadata.get("format")).toBe("pt");
    expect([...file.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, values }] of tensors) {
      expect(file.tensors.get(name)).toMatchObject({ shape, dtype: dtype === "float32" ? "F32" : "F16" });
      const read = await readTensor(file, name);
      const tolerance = dtype === "float32" ? 0 : 1e-3;
      values.forEach((value, i) => expect(Math.abs((read[i] ?? NaN) - value)).toBeLessThanOrEqual(tolerance));
    }
    expect(JSON.parse(textOf(folder.get("config.json")))).toMatchObject({ dtype, torch_dtype: dtype, num_labels: 2 });
  });

  it.each([70_000, -65_520, Infinity])("refuses %d in float16 before it writes anything", async (value) => {
    const wide = (dtype: "float32" | "float16") => {
      const made = contents([], dtype);
      const read = async (name: string) => {
        const values = (await made.weights.read(name)).slice();
        if (name === "classifier.bias") values[1] = value;
        return values;
      };
      return { ...made, weights: { ...made.weights, read } };
    };
    const first = exportEntries(wide("float16")).next();
    expect((await thrownBy(first)).found).toContain(`classifier.bias holds ${value} at place 1`);
    expect((await exportEntries(wide("float32")).next()).done).toBe(false);
  });

  it("writes the largest number of float16", async () => {
    const made = contents([], "float16");
    const read = () => Promise.resolve(Float32Array.of(65_519, -65_504));
    const one = { ...made.weights, entries: [{ name: "classifier.bias", shape: [2] }], read };
    const folder = await folderOf({ ...made, weights: one });
    const source = bytesSource("model.safetensors", folder.get("model.safetensors") ?? new Uint8Array(0));
    expect([...(await readTensor(await openSafetensors(source), "classifier.bias"))]).toEqual([65_504, -65_504]);
  });

  it("reads one tensor at a time, when its bytes are asked for", async () => {
    const reads: string[] = [];
    for await (const { name, input } of exportEntries(contents(reads))) {
      if (name !== "model.safetensors" || typeof input === "string" || input instanceof Uint8Array) continue;
      const parts = input[Symbol.asyncIterator]();
      await parts.next();
      expect(reads).toHaveLength(0);
      await parts.next();
      expect(reads).toHaveLength(1);
    }
    expect(reads).toHaveLength(1);
  });
});
