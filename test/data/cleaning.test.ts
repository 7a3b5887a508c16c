import { readerOf } from "../../src/tasks/targets.ts";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import type { Cleaning, ColumnChoice } from "../../src/data/summary.ts";
import { openTable } from "../../src/data/table.ts";
import { textSource } from "../io/model-folder.ts";

const choice: ColumnChoice = { text: 0, pair: null, label: 1 };

function csvOf(labels: readonly string[], salt = ""): string {
  return ["text,label", ...labels.map((label, row) => `a text of row ${row}${salt} about it,"${label}"`)].join("\n");
}

async function prepared(
  labels: readonly string[],
  cleaning: Partial<Cleaning> = {},
  valid: readonly string[] | null = null,
) {
  const table = await openTable(textSource("train.csv", csvOf(labels)));
  const validationTable = valid && (await openTable(textSource("valid.csv", csvOf(valid, " more"))));
  return prepareData(table, choice, { readerOf, share: 0.2, seed: 1, validationTable, cleaning });
}

const times = (count: number, labels: readonly string[]) => Array.from({ length: count }, () => labels).flat();

describe("look-alike labels", () => {
  it.each([
    [["Neg", "neg", "pos"], ["case"], ["Neg", "pos"]],
    [["0", "0.0", "1"], ["the same number"], ["0", "1"]],
    [["ham", "h\u200bam", "spam"], ["invisible characters"], ["ham", "spam"]],
    [["été", "e\u0301te\u0301", "hiver"], ["NFC and NFD"], ["hiver", "été"]],
    [["constructor", "Constructor", "__proto__"], ["case"], ["__proto__", "constructor"]],
  ])("%j are one finding, merged by its fix", async (labels, words, merged) => {
    const { summary } = await prepared(times(10, labels));
    expect(summary.labelNames).toHaveLength(3);
    const found = summary.findings.filter(({ id }) => id === "look-alike-labels");
    expect(found).toHaveLength(1);
    for (const word of words) expect(found[0]?.text).toContain(word);
    const { summary: after } = await prepared(times(10, labels), found[0]?.fix?.change.cleaning);
    expect(after.labelNames).toEqual(merged);
    expect(after.findings.map(({ id }) => id)).toContain("merged-labels");
    expect(after.findings.map(({ id }) => id)).not.toContain("look-alike-labels");
    expect(after.trainRows + after.validationRows).toBe(30);
  });

  it("takes the commonest spelling as the name", async () => {
    const { summary } = await prepared([...times(6, ["POS", "neg"]), ...times(9, ["pos"])], { mergeLabels: true });
    expect(summary.labelNames).toEqual(["neg", "pos"]);
  });
});

describe("words for a missing value", () => {
  it.each(["nan", "NULL", "N/A", "-"])("%s is a class with a finding, or missing by its fix", async (word) => {
    const labels = times(10, ["yes", "no", word]);
    const { summary } = await prepared(labels);
    expect(summary.labelNames).toContain(word);
    const found = summary.findings.find(({ id }) => id === "missing-word-labels");
    expect(found?.text).toContain(`10 rows have a label that is a word for a missing value ("${word}")`);
    expect(found?.lines?.slice(0, 2)).toEqual([4, 7]);
    const { summary: after } = await prepared(labels, found?.fix?.change.cleaning);
    expect(after.labelNames).toEqual(["no", "yes"]);
    expect(after.droppedRows).toBe(10);
  });

  it("counts texts of that kind too", async () => {
    const table = await openTable(textSource("x.csv", `${csvOf(times(10, ["a", "b"]))}\nnan,a\nNULL,b`));
    const split = { readerOf, share: 0.2, seed: 1, validationTable: null };
    const { summary } = prepareData(table, choice, split);
    expect(summary.findings.find(({ id }) => id === "missing-word-texts")?.lines).toEqual([22, 23]);
    expect(prepareData(table, choice, { ...split, cleaning: { missingWords: true } }).summary.droppedRows).toBe(2);
  });
});

describe("labels of a validation file", () => {
  it.each([
    [
      ["0.0", "1.0"],
      ["0", "1"],
    ],
    [
      ["Positive", "Negative"],
      ["positive", "NEGATIVE"],
    ],
    [
      ["very good", "bad"],
      ["very  good", "bad\u200b"],
    ],
    [
      ["__proto__", "toString"],
      ["__PROTO__", "tostring"],
    ],
  ])("%j matches %j, which differ in spelling alone", async (train, valid) => {
    const { summary } = await prepared(times(10, train), {}, times(3, valid));
    expect(summary.validationRows).toBe(6);
    expect(summary.targets).toMatchObject({ validationCounts: [3, 3] });
    expect(summary.findings.map(({ id }) => id)).toContain("matched-labels");
    expect(summary.findings.map(({ id }) => id)).not.toContain("unknown-validation-labels");
  });

  it.each([
    [["0.0", "1.0"], ["a", "b"], 'the classes are "0.0", "1.0"; these rows have "a", "b"'],
    [["ham", "spam"], ["0", "1"], 'the classes are "ham", "spam"; these rows have "0", "1"'],
  ])("where nothing of %j is in %j, both sides are named", async (train, valid, text) => {
    const { summary } = await prepared(times(10, train), {}, times(3, valid));
    const found = summary.findings.find(({ id }) => id === "unknown-validation-labels");
    expect(found).toMatchObject({ severity: "blocking" });
    expect(found?.text).toMatch(/^In valid.csv: /);
    expect(found?.text).toContain(text);
  });
});

describe("findings", () => {
  it("are listed once, those of the file too", async () => {
    const table = await openTable(textSource("x.csv", `${csvOf(times(10, ["a", "b"]))}\nshort`));
    const { summary } = prepareData(table, choice, {
      readerOf,
      share: 0.2,
      seed: 1,
      validationTable: null,
    });
    const texts = summary.findings.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(summary.findings.filter(({ id }) => id === "ragged-rows")).toHaveLength(1);
  });
});
