import { describe, expect, it } from "vitest";
import { prepareData } from "../../../src/data/dataset.ts";
import type { ColumnChoice } from "../../../src/data/summary.ts";
import { openTable } from "../../../src/data/table.ts";
import { cleaningSteps, type CleaningSteps } from "../../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { readerOf } from "../../../src/tasks/targets.ts";
import { textSource } from "../../io/model-folder.ts";

const off = cleaningSteps(defaultRecipe);

async function prepared(steps: Partial<CleaningSteps>, csv: string, valid: string | null = null, task?: string) {
  const choice: ColumnChoice = { text: 0, pair: null, label: 1, ...(task && { task }) };
  const table = await openTable(textSource("rows.csv", csv));
  const validationTable = valid === null ? null : await openTable(textSource("valid.csv", valid));
  return prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable, steps: { ...off, ...steps } });
}

const csvOf = (texts: readonly string[]) =>
  ["text,label", ...texts.map((text, row) => `"${text}",${row % 2 ? "a" : "b"}`)].join("\n");
const numbered = Array.from({ length: 16 }, (_, row) => `<p>row no ${row} &amp; more</p>`);

describe("rows of a run", () => {
  it("are cleaned on both sides of the split, and those left empty are left out", async () => {
    const { train, validation, summary } = await prepared(
      { cleanHtml: true, cleanSpaces: true },
      csvOf([...numbered, "<br>"]),
    );
    expect([...train.texts, ...validation.texts].sort()).toEqual(
      numbered.map((_, row) => `row no ${row} & more`).sort(),
    );
    expect(summary.droppedRows).toBe(1);
    expect(summary.findings.map(({ id }) => id)).toContain("empty-text");
  });

  it("are cleaned in a validation file too, before leaks are looked for", async () => {
    const valid = csvOf(["row no 3 & more", "other"]);
    const { train, validation, summary } = await prepared(
      { cleanHtml: true, cleanSpaces: true },
      csvOf(numbered),
      valid,
    );
    expect([...validation.texts]).toEqual(["row no 3 & more", "other"]);
    expect(train.texts.length).toBe(15);
    expect(summary.findings.map(({ id }) => id)).toContain("leaked-validation-rows");
  });

  it("are fewer after steps that leave some out, which a note says", async () => {
    const texts = [...numbered, ...numbered.slice(0, 4)];
    const { train, validation, summary } = await prepared({ dropDuplicates: true }, csvOf(texts));
    expect(train.texts.length + validation.texts.length).toBe(16);
    expect(summary.droppedRows).toBe(4);
    expect(summary.findings.find(({ id }) => id === "cleaned-rows")).toMatchObject({
      text: "4 rows repeat earlier ones and are left out, as the recipe says (dropDuplicates).",
      tableRows: [17, 18, 19, 20],
    });
  });

  it("refuse steps on texts whose words are labelled, and are not changed", async () => {
    const csv = ["text,label", ...numbered.map((_, row) => `Ann${row} met Bob,B-PER O B-PER`)].join("\n");
    const { summary, train } = await prepared(
      { cleanNumbers: true, cleanUrls: true },
      csv,
      null,
      "token-classification",
    );
    expect(summary.task).toBe("token-classification");
    expect(summary.findings.find(({ id }) => id === "cleaning-moves-words")).toMatchObject({
      severity: "blocking",
      text: "The recipe changes texts (cleanUrls, cleanNumbers), and the words of these rows are labelled by their places in them.",
    });
    expect(train.texts.at(0)).toMatch(/^Ann\d+ met Bob$/);
  });
});
