import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jaccard, normalized, shingles } from "../../src/data/cleaning/shingles.ts";
import { leaksIntoTest, prepareData } from "../../src/data/dataset.ts";
import { labelRows } from "../../src/data/label-rows.ts";
import { leaksBetween } from "../../src/data/leaks.ts";
import { createRandom } from "../../src/data/random.ts";
import { openTable } from "../../src/data/table.ts";
import { csvLine } from "../../src/io/csv-cells.ts";
import { cleaningSteps } from "../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { readerOf, targetsOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";
import { rowsOf } from "./rows-of.ts";

const off = cleaningSteps(defaultRecipe);
const choice = { text: 1, pair: null, label: 0 };
const sample = new URL("../../public/sample/sms-spam.csv", import.meta.url);

/** Rows of the sample, and changed copies of some of the long ones. */
async function planted(seed: number) {
  const table = await openTable(textSource("sms.csv", readFileSync(sample, "utf8")));
  const rows = Array.from({ length: 2000 }, (_, row) => [0, 1].map((column) => table.cells[column]?.at(row) ?? ""));
  const random = createRandom(seed);
  const long = rows.flatMap(([, text = ""], row) => (text.length > 90 ? [row] : []));
  const copied = Array.from({ length: 50 }, (_, i) => long[3 * i + Math.floor(3 * random())] ?? 0);
  const copies = copied.map((row) => {
    const [label = "", text = ""] = rows[row] ?? [];
    const words = text.split(" ");
    const place = Math.floor(words.length * random());
    if (random() < 0.5) words.splice(place, 1);
    else words[place] = `${words[place]}x`;
    return [label, words.join(" ").toUpperCase()];
  });
  const csvOf = (some: string[][]) => ["label,text\r\n", ...some.map((row) => csvLine(row))].join("");
  return { rows, copied, copies, csvOf };
}

const exact = (a = "", b = "") => jaccard(shingles(normalized(a)), shingles(normalized(b)));
const open = (name: string, csv: string) => openTable(textSource(name, csv));
const singleLabel = targetsOf({ name: "single-label" });
const split = { readerOf, share: 0.2, seed: 3, validationTable: null, findsLeaks: true };

describe("leaks between parts of a split", () => {
  it.each([1, 2])(
    "are all found where near duplicates are planted in a validation file, and none is below 0.8",
    async (seed) => {
      const { rows, copied, copies, csvOf } = await planted(seed);
      const validationTable = await open("valid.csv", csvOf(copies));
      const table = await open("train.csv", csvOf(rows));
      const { leaks, summary, validation } = prepareData(table, choice, { ...split, validationTable, steps: off });
      const pairs = new Set(leaks?.pairs.map(({ first, second }) => `${first.row} ${second.row}`));
      const wanted = copied.flatMap((row, copy) =>
        exact(rows[row]?.[1], copies[copy]?.[1]) >= 0.8 ? [`${row + 1} ${copy + 1}`] : [],
      );
      expect(wanted.length).toBeGreaterThan(45);
      expect(wanted.filter((pair) => !pairs.has(pair))).toEqual([]);
      for (const { first, second, similarity } of leaks?.pairs ?? []) {
        expect(similarity).toBe(exact(rows[first.row - 1]?.[1], copies[second.row - 1]?.[1]));
        expect(similarity).toBeGreaterThanOrEqual(0.8);
      }
      const finding = summary.findings.find(({ id }) => id === "near-leaks");
      expect(finding?.text).toMatch(
        /^\d+ rows held out have nearly the text of a row trained on: line \d+ and line \d+ \(/,
      );
      expect(validation.texts.length).toBe(50);

      const together = { ...off, nearTogether: true };
      const apart = prepareData(table, choice, { ...split, validationTable, steps: together });
      expect(apart.leaks?.pairs).toEqual([]);
      expect(apart.train.texts.length).toBeLessThanOrEqual(rows.length - wanted.length);
      expect(apart.validation.texts.length).toBe(50);
    },
  );

  it("are kept on one side of the split of one table", async () => {
    const { rows, copies, csvOf } = await planted(3);
    const table = await open("rows.csv", csvOf([...rows, ...copies]));
    const apart = prepareData(table, choice, { ...split, steps: off });
    expect(apart.leaks?.pairs.length).toBeGreaterThan(10);
    const { leaks, train, validation } = prepareData(table, choice, {
      ...split,
      steps: { ...off, nearTogether: true },
    });
    expect(leaks).toEqual({ pairs: [], isComplete: true });
    expect(train.texts.length + validation.texts.length).toBe(2050);
    expect(validation.texts.length / 2050).toBeCloseTo(0.2, 1);
  });

  it("are named of a test file, equal texts and nearly equal ones", async () => {
    const { rows, copies, csvOf } = await planted(4);
    const data = prepareData(await open("train.csv", csvOf(rows)), choice, { ...split, steps: off });
    const file = await open("test.csv", csvOf([...copies, ...rows.slice(0, 7), ["ham", "a text of its own"]]));
    const { rows: test } = labelRows(singleLabel, file, choice, data.summary.labelNames, {
      lines: file.lines,
    });
    const { leaks, findings } = leaksIntoTest(data, test);
    const ofTest = leaks.pairs.filter(({ second }) => second.part === "test");
    expect(new Set(ofTest.map(({ second }) => second.row)).size).toBeGreaterThan(52);
    expect(ofTest.filter(({ kind }) => kind === "exact").length).toBeGreaterThanOrEqual(7);
    expect(findings.map(({ text }) => text).join("\n")).toMatch(
      /rows to test on have the text of a row trained on: line/,
    );
    expect(findings.map(({ text }) => text).join("\n")).toMatch(
      /rows? to test on ha(s|ve) nearly the text of a row held out/,
    );
  });

  it("are counted in pairs of texts, row by row", () => {
    const train = rowsOf([
      ["a text that is here twice", 0],
      ["another", 0],
      ["a text that is here twice", 1],
    ]);
    const validation = rowsOf([
      ["a text that is here twice", 0],
      ["A text that is here  twice", 0],
    ]);
    const { pairs } = leaksBetween([
      { name: "train", rows: train },
      { name: "validation", rows: validation },
    ]);
    expect(pairs.map(({ kind, similarity, first, second }) => [kind, similarity, first.row, second.row])).toEqual([
      ["exact", 1, 1, 1],
      ["near", 1, 1, 2],
      ["exact", 1, 3, 1],
      ["near", 1, 3, 2],
    ]);
  });
});
