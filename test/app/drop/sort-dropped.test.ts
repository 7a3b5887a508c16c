import { describe, expect, it } from "vitest";
import { holdsCheckpoint, isRecipe, sortDropped } from "../../../src/app/drop/sort-dropped.ts";
import { zipStream } from "../../../src/io/zip-out.ts";

const files = (...names: string[]) => names.map((name) => new File([], name));
const names = (list: File[]) => list.map((file) => file.name);

describe("sortDropped", () => {
  it("tells a table, a checkpoint and a recipe apart", () => {
    const sorted = sortDropped(files("a.CSV", "config.json", "model.safetensors", "vocab.txt", "tokenizer.json"));
    expect(names(sorted.tables)).toEqual(["a.CSV"]);
    expect(names(sorted.checkpoint)).toEqual(["config.json", "model.safetensors", "vocab.txt", "tokenizer.json"]);
    expect(names(sortDropped(files("recipe.json")).recipes)).toEqual(["recipe.json"]);
    expect(names(sortDropped(files("texts.txt")).tables)).toEqual(["texts.txt"]);
  });

  it("takes a folder that was downloaded here for a checkpoint whole", () => {
    const sorted = sortDropped(
      files("model.safetensors", "config.json", "recipe.json", "metrics.jsonl", "predictions.csv", "README.md"),
    );
    expect(sorted).toMatchObject({ tables: [], recipes: [], unknown: [] });
    expect(sorted.checkpoint).toHaveLength(6);
  });

  it("looks at the name, not at the folder", () => {
    const sorted = sortDropped(files("data.csv/config.json", "my-bert/vocab.txt", "sets/Train.csv"));
    expect(names(sorted.checkpoint)).toEqual(["data.csv/config.json", "my-bert/vocab.txt"]);
    expect(names(sorted.tables)).toEqual(["Train.csv"]);
  });

  it("gives weights of other kinds to the model, which says what is wrong with them", () => {
    expect(names(sortDropped(files("pytorch_model.bin")).checkpoint)).toEqual(["pytorch_model.bin"]);
  });

  it("takes tables of every kind, and what is none for its reader to name", () => {
    const tables = ["a.jsonl", "b.parquet", "c.xlsx", "d.csv.gz", "e.json.gz", "f.tab", "g.xls", "h.pdf"];
    expect(names(sortDropped(files(...tables)).tables)).toEqual(tables);
  });

  it("leaves it to what is in them whether zips are models or tables", () => {
    const sorted = sortDropped(files("model.zip", "rows.csv", "Data.ZIP"));
    expect(names(sorted.zips)).toEqual(["model.zip", "Data.ZIP"]);
    expect(names(sorted.tables)).toEqual(["rows.csv"]);
    expect(sorted.checkpoint).toEqual([]);
  });

  it("takes files of lines whose ending says little, if no checkpoint is beside them", () => {
    const lines = ["train.text", "train.labels", "seq.in", "label", "sent.tok"];
    expect(names(sortDropped(files(...lines)).tables)).toEqual(lines);
    expect(sortDropped(files("config.json", "label")).tables).toEqual([]);
    expect(sortDropped(files("labels.docx")).unknown).toEqual(["labels.docx"]);
  });

  it("leaves it to their text whether JSON files are tables or recipes", () => {
    expect(names(sortDropped(files("rows.json")).json)).toEqual(["rows.json"]);
    expect(isRecipe('{ "learningRate": 1e-4 }')).toBe(true);
    expect(isRecipe('{\n  "version": 2')).toBe(true);
    expect(isRecipe('[{ "learningRate": 1 }]')).toBe(false);
    expect(isRecipe('{ "train": [{ "text": "a" }] }')).toBe(false);
    expect(isRecipe('{ "toString": 1 }')).toBe(false);
  });

  it("names what nothing reads, hidden files left out", () => {
    expect(sortDropped(files("a.docx", ".DS_Store")).unknown).toEqual(["a.docx"]);
  });
});

async function zipOf(...names: string[]): Promise<File> {
  const items = names.map((name) => ({ name, input: `of ${name}` }));
  return new File([await new Response(zipStream(items)).blob()], "x.zip");
}

describe("holdsCheckpoint", () => {
  it.each([
    [["config.json", "model.safetensors", "tokenizer.json"], true],
    [["my-bert/vocab.txt"], true],
    [["my-bert/pytorch_model.bin", "README.md"], true],
    [["train.csv", "valid.csv"], false],
    [["data/config.csv", "data/notes.txt"], false],
    [["__MACOSX/._rows.xlsx", "rows.xlsx"], false],
  ])("%j: %s", async (names, holds) => {
    expect(await holdsCheckpoint(await zipOf(...names))).toBe(holds);
  });

  it("takes what is no zip for none", async () => {
    expect(await holdsCheckpoint(new File(["model.safetensors"], "x.zip"))).toBe(false);
    expect(await holdsCheckpoint(new File(["PK\x01\x02"], "x.zip"))).toBe(false);
    expect(await holdsCheckpoint(new File([], "x.zip"))).toBe(false);
  });
});
