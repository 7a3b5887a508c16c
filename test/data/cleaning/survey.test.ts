import { expect, it } from "vitest";
import { surveyAtOnce } from "../../../src/data/cleaning/survey.ts";
import { cleaningSteps, rowFields, textFields } from "../../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { rowsOf } from "../rows-of.ts";

const off = cleaningSteps(defaultRecipe);
const rows = rowsOf([
  ["<b>one</b> at http://a.org", 0],
  ["one at http", 0],
  ["<br>", 1],
  ["  plain  ", 1],
  ["…", 1],
]);
const counts = (steps: Partial<typeof off>, isText = true) =>
  Object.fromEntries(surveyAtOnce(rows, { ...off, ...steps }, isText).map((step) => [step.field, step.rows]));

it("counts what each step would do while all are off", () => {
  expect(counts({})).toEqual({
    ...{ cleanHtml: 2, cleanUnicode: 1, cleanUrls: 1, cleanUsers: 0, cleanNumbers: 0, cleanSpaces: 1 },
    ...{ dropWordless: 1, contradictions: 0, dropDuplicates: 0, dropNearDuplicates: 0 },
  });
});

it("counts each step on what those before it that are on left", () => {
  expect(counts({ cleanHtml: true, cleanUrls: true, cleanSpaces: true })).toMatchObject({
    ...{ cleanHtml: 2, cleanUrls: 1, cleanSpaces: 2, dropDuplicates: 1, dropNearDuplicates: 1 },
  });
});

it("shows rows before and after", () => {
  const [html, ...others] = surveyAtOnce(rows, off, true);
  expect(html).toEqual({
    ...{ field: "cleanHtml", isOn: false, rows: 2 },
    samples: [
      { row: 1, line: 2, before: "<b>one</b> at http://a.org", after: "one at http://a.org" },
      { row: 3, line: 4, before: "<br>", after: " " },
    ],
  });
  expect(others.find(({ field }) => field === "dropWordless")?.samples).toEqual([
    { row: 5, line: 6, before: "…", after: null },
  ]);
  const long = { ...rows, texts: rows.texts.length ? ["x".repeat(500) + " <i>y</i>", "", "", "", ""] : [] };
  expect(surveyAtOnce(long, off, true)[0]?.samples[0]).toMatchObject({ before: `…${"x".repeat(39)} <i>y</i>` });
});

it("tries no step on texts whose words have places", () => {
  expect(Object.keys(counts({}, false))).toEqual([...rowFields]);
  expect(Object.keys(counts({}))).toEqual([...textFields, ...rowFields]);
});
