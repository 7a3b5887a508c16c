import { readerOf } from "../../src/tasks/targets.ts";
import { describe, expect, it } from "vitest";
import { inspectChoice, matchColumns, requireSeparateColumns } from "../../src/data/choice.ts";
import { prepareData } from "../../src/data/dataset.ts";
import type { Table } from "../../src/data/table.ts";
import { tableOf } from "./column-kinds.ts";

function asTable(spec: string, name = "x.csv"): Table {
  const { columns, cells } = tableOf(spec);
  const format = {
    kind: "delimited",
    encoding: "utf-8",
    delimiter: ",",
    quote: '"',
    header: true,
    skippedLines: 0,
    sheet: null,
  } as const;
  const common = { bytes: 1, encodingConfidence: 1, lines: null, sheets: [], findings: [] };
  return { name, format, columns, cells, rowCount: cells[0]?.length ?? 0, ...common };
}

describe("one column in two roles", () => {
  const table = asTable("text:text, label:two, other:text");
  it.each([
    [{ text: 0, pair: 1, label: 1 }, /"label" of x.csv is chosen as second text and as label/],
    [{ text: 1, pair: null, label: 1 }, /"label" of x.csv is chosen as text and as label/],
    [{ text: 0, pair: 0, label: 1 }, /"text" of x.csv is chosen as text and as second text/],
  ])("%j is refused", (choice, message) => {
    expect(() => requireSeparateColumns(table, choice)).toThrow(message);
    expect(() => prepareData(table, choice, { readerOf, share: 0.2, seed: 1, validationTable: null })).toThrow(message);
  });
});

describe("columns of a validation file", () => {
  it.each([
    [
      "label:two, text:text",
      "text:text, label:two",
      { text: 1, pair: null, label: 0 },
      { text: 0, pair: null, label: 1 },
    ],
    [
      "text:text, text:text, label:two",
      "text:text, text:text, label:two",
      { text: 1, pair: 0, label: 2 },
      { text: 1, pair: 0, label: 2 },
    ],
    [
      "label:two, text:text, text:text",
      "text:text, text:text, label:two",
      { text: 1, pair: 2, label: 0 },
      { text: 0, pair: 1, label: 2 },
    ],
    [
      "Text:text, Label:two",
      "id:id, text:text, label:two",
      { text: 0, pair: null, label: 1 },
      { text: 1, pair: null, label: 2 },
    ],
  ])("%s in %s", (first, second, choice, found) => {
    expect(matchColumns(asTable(first), choice, asTable(second, "valid.csv"))).toEqual(found);
  });

  it("refuses a file that lacks one, and names its columns", () => {
    const held = asTable("review:text, stars:stars", "valid.csv");
    expect(() => matchColumns(asTable("text:text, label:two"), { text: 0, pair: null, label: 1 }, held)).toThrow(
      'valid.csv has no column "text"; its columns are "review", "stars"',
    );
  });
});

describe("what is said of the chosen columns", () => {
  const isTrained = (task: string) => readerOf(task) !== null;

  it.each([
    ["text:text, score:float", "regression", /"score" has \d+ different numbers from 1 to 4.99: a regression target/],
    ["text:text, labels:list", "multi-label", /"labels" has a list of labels in each cell: a multi-label task/],
    ["text:text, emotions:bars", "multi-label", /"emotions" has several labels in one cell, with "\|" between them/],
    ["words:tokens, tags:tags", "token-classification", /"tags" has a tag for each token/],
  ])("labels of another task than classes: %s", (spec, task, text) => {
    const seen = inspectChoice(asTable(spec), { text: 0, pair: null, label: 1 }, isTrained);
    expect(seen.task).toBe(task);
    expect(seen.reason).toMatch(text);
    expect(seen.findings[0]).toMatchObject({ id: "detected-task", severity: "note", text: seen.reason });
  });

  it("grades and stars, which count as classes", () => {
    const choice = { text: 0, pair: null, label: 1 };
    const { task, findings } = inspectChoice(asTable("text:text, rating:stars"), choice, isTrained);
    expect(task).toBe("single-label");
    expect(findings[0]).toMatchObject({ id: "numbers-as-classes", severity: "note" });
    expect(findings[0]?.fix?.change.columns).toEqual({ ...choice, task: "regression" });
  });

  it("several columns of marks, each a label", () => {
    const choice = { text: 0, pair: null, label: 1, moreLabels: [2] };
    const seen = inspectChoice(asTable("text:text, joy:mark, fear:mark"), choice, isTrained);
    expect(seen.task).toBe("multi-label");
    expect(seen.reason).toMatch(/^2 columns each mark one label/);
  });

  it("several label columns of a task that reads one", () => {
    const choice = { text: 0, pair: null, label: 1, moreLabels: [2], task: "single-label" };
    const seen = inspectChoice(asTable("text:text, joy:mark, fear:mark"), choice, isTrained);
    expect(seen.findings[0]).toMatchObject({ id: "several-columns", severity: "blocking" });
    expect(seen.findings[0]?.text).toContain('2 label columns are chosen ("joy", "fear")');
  });

  it("a second text beside words with tags", () => {
    const choice = { text: 0, pair: 2, label: 1 };
    const { findings } = inspectChoice(asTable("words:tokens, tags:tags, more:text"), choice, isTrained);
    const found = findings.find(({ id }) => id === "several-columns");
    expect(found).toMatchObject({ severity: "blocking" });
    expect(found?.fix?.change.columns).toEqual({ ...choice, pair: null });
  });

  it("another column of marks beside the labels", () => {
    const choice = { text: 0, pair: null, label: 1 };
    const seen = inspectChoice(asTable("text:text, toxic:mark, threat:mark"), choice, isTrained);
    expect(seen.findings[0]).toMatchObject({ id: "other-marks", severity: "note" });
    expect(seen.findings[0]?.fix?.change.columns).toEqual({ ...choice, moreLabels: [2], task: "multi-label" });
  });

  it("labels of a task that cannot be trained", () => {
    const choice = { text: 0, pair: null, label: 1 };
    expect(inspectChoice(asTable("words:tokens, tags:tags"), choice, () => false).findings[0]).toMatchObject({
      id: "other-task",
      severity: "blocking",
    });
  });

  it.each(["text:text, score:fractions", "text:text, code:bars", "text:text, labels:list", "words:tokens, tags:tags"])(
    "each value is a class where a person says so: %s",
    (spec) => {
      const table = asTable(spec);
      const choice = { text: 0, pair: null, label: 1 };
      const fix = inspectChoice(table, choice, isTrained).findings[0]?.fix;
      expect(fix?.label).toBe("Treat each value as a class");
      const chosen = fix?.change.columns ?? choice;
      expect(chosen).toEqual({ ...choice, task: "single-label" });
      expect(inspectChoice(table, chosen, isTrained)).toMatchObject({ task: "single-label", findings: [] });
      const { summary } = prepareData(table, chosen, {
        readerOf,
        share: 0.2,
        seed: 1,
        validationTable: null,
      });
      expect(summary.labelNames).toHaveLength(new Set(table.cells[1]).size);
      expect(summary.findings.filter(({ severity }) => severity === "blocking")).toEqual([]);
    },
  );

  it.each(["text:text, label:many", "text:text, label:binary"])("nothing of %s", (spec) => {
    expect(inspectChoice(asTable(spec), { text: 0, pair: null, label: 1 }, isTrained).findings).toEqual([]);
  });

  it.each([
    ["title:text, body:text, label:two", "body"],
    ["column 1:zh, column 2:zh, column 3:binary", "column 2"],
    ["Frage:text, Rückfrage:text, Klasse:two", "Rückfrage"],
  ])("an unused second text: %s", (spec, name) => {
    const [finding] = inspectChoice(asTable(spec), { text: 0, pair: null, label: 2 }, isTrained).findings;
    expect(finding).toMatchObject({ id: "unused-text", severity: "warning" });
    expect(finding?.text).toContain(name);
    expect(finding?.fix?.change.columns).toEqual({ text: 0, pair: 1, label: 2 });
  });
});
