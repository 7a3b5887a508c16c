import { describe, expect, it } from "vitest";
import { augmentedCopies, withCopies } from "../../../src/data/augmentation/augmented-rows.ts";
import { prepareData } from "../../../src/data/dataset.ts";
import { labelsOfRow } from "../../../src/data/row-labels.ts";
import type { ColumnChoice } from "../../../src/data/summary.ts";
import { openTable } from "../../../src/data/table.ts";
import { augmentationSteps, type AugmentationSteps } from "../../../src/recipe/augmentation-steps.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { readerOf } from "../../../src/tasks/targets.ts";
import { textSource } from "../../io/model-folder.ts";

const off = augmentationSteps(defaultRecipe);
const ofTexts: ColumnChoice = { text: 0, pair: null, label: 1 };
const split = { readerOf, share: 0.25, seed: 7, validationTable: null };

async function prepared(csv: readonly string[], steps: Partial<AugmentationSteps>, choice = ofTexts, valid = "") {
  const validationTable = valid === "" ? null : await openTable(textSource("valid.csv", valid));
  const table = await openTable(textSource("rows.csv", csv.join("\n")));
  return prepareData(table, choice, { ...split, validationTable, augmentation: { ...off, ...steps } });
}

const rows = Array.from(
  { length: 80 },
  (_, i) => `w${i} some words of row no ${i * 7},${i % 8 === 0 ? "rare" : "usual"}`,
);
const csv = ["text,label", ...rows];

describe("changed copies of training rows", () => {
  it("are the same for the same rows and seed, with the labels of their rows", async () => {
    const steps = { augmentDeletion: 0.3, augmentSwap: 0.2, augmentCopies: 3 };
    const [first, second] = [await prepared(csv, steps), await prepared(csv, steps)];
    const { train, copies } = first;
    if (!copies) throw new Error("There are no copies.");
    expect([...(second.copies?.rows.texts ?? [])]).toEqual([...copies.rows.texts]);
    expect(copies.of.length + copies.leftOut).toBe(3 * train.texts.length);
    copies.of.forEach((row, copy) => {
      expect(labelsOfRow(copies.rows, copy)).toEqual(labelsOfRow(train, row));
      expect(copies.rows.tableRows[copy]).toBe(train.tableRows[row]);
    });
    const all = withCopies(train, copies);
    expect([...all.texts]).toEqual([...train.texts, ...copies.rows.texts]);
    expect(all.texts.at(train.texts.length)).toBe(copies.rows.texts.at(0));
    expect(all.labels).toHaveLength(all.texts.length);
    expect(first.summary).toMatchObject({
      trainRows: all.texts.length,
      validationRows: first.validation.texts.length,
      augmented: { copies: copies.of.length, leftOut: copies.leftOut },
    });
    expect(first.summary.findings.map(({ id }) => id)).toContain("augmented-rows");
  });

  it("leave the split as it was, and are none where all shares are 0", async () => {
    const [plain, augmented] = [await prepared(csv, {}), await prepared(csv, { augmentSwap: 0.5 })];
    expect([...augmented.validation.texts]).toEqual([...plain.validation.texts]);
    expect([...augmented.train.texts]).toEqual([...plain.train.texts]);
    expect(plain.copies).toBeNull();
    expect(plain.summary).not.toHaveProperty("augmented");
    expect(withCopies(plain.train, plain.copies)).toBe(plain.train);
  });

  it("are of training rows alone, and none is equal to a row that is held out or to its own", async () => {
    // Deleting a word makes the text of another row.
    const near = ["a b", "a c", "b c"].map((text) => `${text},x`);
    const training = ["text,label", ...near, "a b c,x", "d e,y", "d e f,y"];
    const valid = "text,label\na,x\nb,x\nc,y\nd,y\n";
    const { train, validation, copies } = await prepared(
      training,
      { augmentDeletion: 0.5, augmentCopies: 16 },
      ofTexts,
      valid,
    );
    const held = new Set(validation.texts);
    expect(copies?.leftOut).toBeGreaterThan(0);
    for (const text of copies?.rows.texts ?? []) expect(held.has(text)).toBe(false);
    copies?.of.forEach((row, copy) => expect(copies.rows.texts.at(copy)).not.toBe(train.texts.at(row)));
  });

  it("are of rows of rare classes alone where these are asked for", async () => {
    const { copies, train } = await prepared(csv, { augmentSwap: 0.5, augmentClasses: "rare" });
    const names = new Set([...(copies?.rows.labels ?? [])].map((label) => train.labelNames[label]));
    expect(names).toEqual(new Set(["rare"]));
  });

  it("are of rows with a rare label, where rows have several", async () => {
    const marks = Array.from({ length: 60 }, (_, i) => `w${i} some more words ${i},1,${i % 10 === 0 ? 1 : 0}`);
    const choice = { text: 0, pair: null, label: 1, moreLabels: [2] };
    const steps = { augmentSwap: 0.5, augmentClasses: "rare" } as const;
    const { copies } = await prepared(["text,often,seldom", ...marks], steps, choice);
    expect(copies?.of.length).toBeGreaterThan(0);
    copies?.of.forEach((_, copy) => expect(labelsOfRow(copies.rows, copy)[1]).toBe(1));
  });

  it("change both texts of a pair, and keep numbers", async () => {
    const pairs = Array.from({ length: 40 }, (_, i) => `first words of ${i},second words of ${i},${i / 3}`);
    const choice = { text: 0, pair: 1, label: 2, task: "regression" };
    const { train, copies } = await prepared(["a,b,score", ...pairs], { augmentCase: 0.5 }, choice);
    expect(copies?.rows.labels).toBeInstanceOf(Float32Array);
    copies?.of.forEach((row, copy) => {
      expect(copies.rows.pairs?.at(copy)?.toLowerCase()).toBe(train.pairs?.at(row));
      expect(copies.rows.labels[copy]).toBe(train.labels[row]);
    });
    const withPairs = withCopies(train, copies);
    expect(withPairs.pairs?.length).toBe(withPairs.texts.length);
  });

  it("are refused where words are labelled by their places", async () => {
    const sentences = Array.from({ length: 12 }, (_, i) => `"[""a${i}"",""b""]","[""B-X"",""O""]"`);
    const { copies, summary } = await prepared(["tokens,tags", ...sentences], { augmentDeletion: 0.1 });
    expect(summary.task).toBe("token-classification");
    expect(copies).toBeNull();
    const blocking = summary.findings.find(({ severity }) => severity === "blocking");
    expect(blocking?.text).toContain("augmentDeletion");
  });

  it("of one word or none are left out, as they come out as their row", async () => {
    const { train } = await prepared(csv, {});
    const short = {
      ...train,
      texts: Array.from(train.texts, (_, i) => (i % 2 ? "one" : "")),
    };
    const copies = augmentedCopies(short, { ...off, augmentDeletion: 0.5, augmentSwap: 0.5 }, { seed: 1, held: [] });
    expect(copies?.of).toHaveLength(0);
    expect(copies?.leftOut).toBe(train.texts.length);
  });
});
