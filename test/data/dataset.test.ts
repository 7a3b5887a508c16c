import { readerOf } from "../../src/tasks/targets.ts";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { openTable, summarizeTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { byColumn, byRow } from "./cells.ts";
import { textSource } from "../io/model-folder.ts";
import type { ClassCounts } from "../../src/tasks/single-label/class-counts.ts";

const root = new URL("../../", import.meta.url).pathname;
const choice = { text: 0, pair: null, label: 1 };

/** A table of `count` texts that begin with `salt`, half of them "ham". */
function table(count: number, salt: string, header = "text,label") {
  const rows = Array.from({ length: count }, (_, row) => `${salt} number ${row},${row % 2 === 0 ? "ham" : "spam"}`);
  return openTable(textSource(`${salt}.csv`, [header, ...rows].join("\n")), { header: true });
}

function idsOf(findings: { id: string; severity: string }[]): string[] {
  return findings.map(({ id, severity }) => `${id} ${severity}`);
}

describe("prepareData with one file", () => {
  it("splits the sample and accounts for every row", async () => {
    const sample = await openTable(await fileSource(`${root}public/sample/sms-spam.csv`));
    const { guess } = summarizeTable(sample);
    if (guess === null) return expect.fail("no columns were guessed");
    const rows = byRow(sample.cells);
    const { train, validation, summary } = prepareData(sample, guess, {
      readerOf,
      share: 0.2,
      seed: 42,
      validationTable: null,
    });
    expect(summary.labelNames).toEqual(["ham", "spam"]);
    expect(summary.trainRows + summary.validationRows + summary.droppedRows).toBe(sample.rowCount);
    const { trainCounts, validationCounts } = summary.targets as ClassCounts;
    expect(trainCounts.map((count, label) => count + (validationCounts[label] ?? 0))).toEqual(
      ["ham", "spam"].map((name) => rows.filter((row) => row[guess.label] === name).length),
    );
    expect(summary.validationRows / sample.rowCount).toBeCloseTo(0.2, 2);
    expect(summary.lengths.counts.reduce((sum, count) => sum + count)).toBe(sample.rowCount);
    const trained = new Set(train.texts);
    expect([...validation.texts].filter((text) => trained.has(text))).toEqual([]);
    expect(idsOf(summary.findings)).toContain("imbalance note");
    expect(rows[(validation.tableRows[7] ?? 0) - 1]?.[guess.text]).toBe(validation.texts.at(7));
  });

  it("blocks a table of one class, and one with nothing to hold out", async () => {
    const oneClass = await openTable(textSource("x.csv", "text,label\naa bb,x\ncc dd,x\nee ff,x\n"));
    const { summary } = prepareData(oneClass, choice, {
      readerOf,
      share: 0.2,
      seed: 1,
      validationTable: null,
    });
    expect(idsOf(summary.findings)).toContain("one-class blocking");
    const tiny = await openTable(textSource("x.csv", "text,label\naa bb,x\ncc dd,y\n"));
    const held = prepareData(tiny, choice, {
      readerOf,
      share: 0.2,
      seed: 1,
      validationTable: null,
    }).summary;
    expect(idsOf(held.findings)).toContain("small-class blocking");
  });
});

describe("prepareData with a validation file", () => {
  const split = { readerOf, share: 0.2, seed: 1 };

  it("takes its rows as they are and finds its columns by name", async () => {
    const validationTable = await table(6, "held", "text,label");
    const swapped = {
      ...validationTable,
      columns: ["label", "text"],
      cells: [...validationTable.cells].reverse(),
    };
    const { train, validation, summary } = prepareData(await table(20, "train"), choice, {
      ...split,
      validationTable: swapped,
    });
    expect(train.texts).toHaveLength(20);
    expect([...validation.texts]).toEqual([...(validationTable.cells[0] ?? [])]);
    expect(summary).toMatchObject({
      trainRows: 20,
      validationRows: 6,
      targets: { trainCounts: [10, 10], validationCounts: [3, 3] },
    });
  });

  it("takes texts out of training that it holds too", async () => {
    const training = await table(20, "train");
    const held = byColumn([...byRow(training.cells).slice(3, 5), ["new one", "ham"]]);
    const validationTable = { ...training, name: "held.csv", cells: held, rowCount: 3 };
    const { train, summary } = prepareData(training, choice, { ...split, validationTable });
    expect(train.texts).toHaveLength(18);
    expect([...train.texts]).not.toContain("train number 3");
    const leaked = summary.findings.find((finding) => finding.id === "leaked-validation-rows");
    expect(leaked).toMatchObject({ severity: "warning", tableRows: [4, 5] });
    const same = prepareData(training, choice, { ...split, validationTable: training }).summary;
    expect(idsOf(same.findings)).toContain("leaked-validation-rows blocking");
  });

  it("reports labels that training does not know, by the name of the file", async () => {
    const four = await table(4, "held");
    const cells = byColumn([...byRow(four.cells), ["strange", "eggs"]]);
    const validationTable = { ...four, cells, rowCount: 5 };
    const { validation, summary } = prepareData(await table(20, "train"), choice, { ...split, validationTable });
    expect(validation.texts).toHaveLength(4);
    expect(summary.droppedRows).toBe(1);
    const unknown = summary.findings.find((finding) => finding.id === "unknown-validation-labels");
    expect(unknown?.text).toMatch(/^In held\.csv: 1 row has a label .*"eggs"/);
  });

  it("says which column is missing", async () => {
    const validationTable = await table(4, "held", "sentence,label");
    const training = await table(20, "train");
    expect(() => prepareData(training, choice, { ...split, validationTable })).toThrow(
      'held.csv has no column "text"; its columns are "sentence", "label".',
    );
  });
});
