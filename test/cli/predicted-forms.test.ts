import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll } from "../../src/io/byte-source.ts";
import { checkpointFiles, tinyConfig, tinyTensors, type Tensors } from "../model/tiny-checkpoint.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { runProgram } from "./program.ts";

let folder: string;
let tensors: Tensors;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabtune-forms-"));
  tensors = await tinyTensors();
});
afterAll(() => rm(folder, { recursive: true }));

/** The tiny checkpoint under another config, with so many outputs and this bias. */
async function checkpoint(name: string, config: Record<string, unknown>, bias: number[]): Promise<string> {
  const weight = tensors.get("classifier.weight");
  const own = new Map(tensors);
  const [outputs, width] = [bias.length, weight?.shape[1] ?? 0];
  own.set("classifier.weight", {
    shape: [outputs, width],
    values: (weight?.values ?? new Float32Array()).slice(0, outputs * width),
  });
  own.set("classifier.bias", { shape: [outputs], values: Float32Array.from(bias) });
  const words = ["the", "film", "is", "great", "her", "book"];
  const tokenizer = smallTokenizer([...words, ...Array.from({ length: 993 - words.length }, (_, i) => `filler${i}`)]);
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const files = await checkpointFiles(own, {
    config: tinyConfig({ label2id: undefined, ...config }),
    tokenizer: tokenizer.tokenizerJson,
  });
  for (const file of files) await writeFile(join(path, file.name), await readAll(file));
  return path;
}

/** What `predict` prints, line by line, as it stands and as values. */
async function printed(model: string, lines: string[]): Promise<{ text: string; value: Record<string, unknown> }[]> {
  const { code, stdout, stderr } = await runProgram(
    ["tabtune", "predict", "--model", model, "--backend", "cpu"],
    `${lines.join("\n")}\n`,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining("cpu")]);
  return stdout
    .trim()
    .split("\n")
    .map((text) => ({ text, value: JSON.parse(text) as Record<string, unknown> }));
}

const alone = "the film is great";
const pair = JSON.stringify({ text: alone, pair: "her book" });
const probability = "[0-9.e-]+";

describe("a line of predict", () => {
  it("is a label and its scores; a text beside pairs is read as if it were alone", async () => {
    const model = await checkpoint("single", { id2label: { 0: "bad", 1: "good" } }, [0, 0]);
    const [mixed, ofPair, asObject] = await printed(model, [alone, pair, JSON.stringify({ text: alone })]);
    const [unmixed] = await printed(model, [alone]);
    expect(mixed?.text).toMatch(
      new RegExp(`^\\{"label":"(bad|good)","scores":\\{"bad":${probability},"good":${probability}\\}\\}$`),
    );
    expect(mixed).toEqual(unmixed);
    expect(asObject).toEqual(unmixed);
    expect(ofPair?.value).not.toEqual(unmixed?.value);
  });

  it("is labels and their scores, each label from its own threshold on", async () => {
    const config = {
      problem_type: "multi_label_classification",
      id2label: { 0: "joy", 1: "fear", 2: "awe" },
      tabtune: { thresholds: { joy: 0, fear: 1.1, awe: 0.5 } },
    };
    const model = await checkpoint("multi", config, [0, 0, 9]);
    for (const { text, value } of await printed(model, [alone, pair])) {
      expect(text).toMatch(/^\{"labels":\["joy","awe"\],"scores":\{"joy":[^,]+,"fear":[^,]+,"awe":[^,]+\}\}$/);
      // They are probabilities by themselves, in the order of the labels.
      const scores = Object.values(value["scores"] as Record<string, number>);
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    }
  });

  it("is a value", async () => {
    const model = await checkpoint("number", { problem_type: "regression", id2label: { 0: "stars" } }, [1000]);
    const lines = await printed(model, [alone, pair]);
    for (const { text, value } of lines) {
      expect(text).toMatch(/^\{"value":[0-9.]+\}$/);
      expect(Math.abs((value["value"] as number) - 1000)).toBeLessThan(50);
    }
    expect(lines[0]?.text).not.toBe(lines[1]?.text);
  });

  it("is entities, whose places are code points", async () => {
    const config = { architectures: ["BertForTokenClassification"], id2label: { 0: "O", 1: "B-PER", 2: "I-PER" } };
    // Each word begins an entity.
    const model = await checkpoint("words", config, [-90, 90, -90]);
    const text = "😀 the film 👩‍🚀 is great";
    const [line, empty] = await printed(model, [text, ""]);
    const score = expect.any(Number) as number;
    expect(line?.value).toEqual({
      entities: [
        { label: "PER", start: 0, end: 1, text: "😀", score },
        { label: "PER", start: 2, end: 5, text: "the", score },
        { label: "PER", start: 6, end: 10, text: "film", score },
        { label: "PER", start: 11, end: 14, text: "👩‍🚀", score },
        { label: "PER", start: 15, end: 17, text: "is", score },
        { label: "PER", start: 18, end: 23, text: "great", score },
      ],
    });
    expect(line?.text).toMatch(/^\{"entities":\[\{"label":"PER","start":0,"end":1,"text":"😀","score":[0-9.]+\},/);
    expect(empty?.text).toBe('{"entities":[]}');
  });

  it("is of a table's words entities of these words, however the tokenizer cuts them", async () => {
    const config = { architectures: ["BertForTokenClassification"], id2label: { 0: "O", 1: "B-PER", 2: "I-PER" } };
    const model = await checkpoint("listed", config, [-90, 90, -90]);
    const sentences = [
      ["the", "film's", "great", "!!"],
      ["😀", "her-book", "is"],
    ];
    const tables = {
      "words.conll": sentences.map((words) => `${words.map((word) => `${word} B-PER`).join("\n")}\n`).join("\n"),
      "words.jsonl": sentences.map((tokens) => JSON.stringify({ tokens, tags: tokens.map(() => "B-PER") })).join("\n"),
    };
    for (const [name, content] of Object.entries(tables)) {
      const data = join(folder, name);
      await writeFile(data, content);
      const { code, stdout, stderr } = await runProgram(
        ["tabtune", "predict", "--model", model, "--data", data, "--backend", "cpu"],
        "",
      );
      expect([code, stderr]).toEqual([0, expect.stringContaining("2 rows")]);
      const rows = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { text: string; entities: { text: string; start: number }[] });
      expect(rows.map(({ text }) => text)).toEqual(sentences.map((words) => words.join(" ")));
      expect(rows.map(({ entities }) => entities.map(({ text }) => text))).toEqual(sentences);
      expect(rows[1]?.entities.map(({ start }) => start)).toEqual([0, 2, 11]);
    }
  });

  it.each(['{"text": 5}', '{"pair": "her book"}', '{"text": "her book", "pair": 1}'])(
    "that names no text is refused by its number: %s",
    async (line) => {
      const model = await checkpoint("single", { id2label: { 0: "bad", 1: "good" } }, [0, 0]);
      const run = ["tabtune", "predict", "--model", model, "--backend", "cpu"];
      const { code, stderr } = await runProgram(run, `${alone}\n${line}\n`);
      expect(code).toBe(2);
      expect(stderr).toContain(`Line 2 is ${line}.`);
    },
  );
});
