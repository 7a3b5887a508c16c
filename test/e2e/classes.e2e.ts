import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const CLASSES = 3000;
/** Nodes of the whole page, charts and cards included: with all classes drawn it had ten times as many. */
const MOST_NODES = 3000;
const frequent = "intent 1234";
const name = (k: number) => `intent ${k}`;

/** Five rows of each class, of one class 60. */
function manyClasses(): string {
  const lines = Array.from({ length: CLASSES }, (_, k) => {
    const rows = name(k) === frequent ? 60 : 5;
    return Array.from({ length: rows }, (_, row) => `w${k} row ${row},${name(k)}`);
  });
  return ["text,label", ...lines.flat()].join("\n");
}

async function expectFewNodes(page: Page, where: string): Promise<void> {
  expect(await page.locator("*").count(), `nodes of the page: ${where}`).toBeLessThan(MOST_NODES);
}

test("thousands of classes are searched and ordered, and the page stays as large as with a few", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  // A linear model of so many classes takes minutes, and shows no other lists than the run.
  const quick = { batchSize: 512, epochs: 1, maxLength: 16, evaluationsPerEpoch: 2, baseline: false };
  const recipe = { ...defaultRecipe, ...quick };
  const files = [textFile("intents.csv", manyClasses()), textFile("recipe.json", JSON.stringify(recipe))];
  await app.choose("Data files", files);

  const data = app.card("Data");
  await expect(data).toContainText("3,000 classes");
  const bars = data.getByRole("table", { name: "Rows per class" });
  await expect(bars.getByRole("row").nth(1)).toContainText(frequent);
  await data.getByLabel("Order").selectOption("Fewest rows first");
  await expect(bars.getByRole("row").nth(1)).toContainText("intent 0");
  await data.getByLabel("Search classes").fill("INTENT 2999");
  await expect(bars.getByRole("row")).toHaveCount(2);
  await expect(bars.getByRole("row").nth(1)).toContainText("5");
  await expect(data.getByText("1 of 3,000 classes")).toBeVisible();
  await data.getByLabel("Search classes").fill("");
  await expect(data.getByText("All 3,000 classes")).toBeVisible();
  await expectFewNodes(page, "data open");

  await app.choose("Model files", tinyCheckpoint());
  await app.chooseBackend("wasm");
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 300_000 });
  const scores = page.getByRole("region", { name: "Class scores" });
  await expect(scores.getByRole("table").getByRole("row").nth(1)).toBeVisible();
  await scores.getByLabel("Search classes").fill("intent 2718");
  await expect(scores.getByRole("checkbox", { name: "intent 2718" })).toBeVisible();
  await scores.getByRole("button", { name: "Table: Class scores" }).click();
  // The lines of the chart, and not a column for each class.
  await expect(page.getByRole("dialog").getByRole("columnheader")).toHaveCount(3 + 4);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expectFewNodes(page, "trained");

  const results = await app.openTab("Results");
  const table = results.getByRole("table", { name: "Scores of each class" });
  await expect(table.getByRole("row").nth(1)).toContainText("macro average");
  // Among classes that were never found, the one with the most rows is the worst.
  await expect(table.getByRole("row").nth(4)).toContainText(frequent);
  await results.getByLabel("Search classes").fill("intent 77");
  await expect(results.getByText("11 of 3,000 classes")).toBeVisible();
  await results.getByLabel("Search confused classes").fill(frequent);
  await expect(results.getByRole("table", { name: "Classes taken for another" }).getByRole("row").nth(1)).toContainText(
    frequent,
  );
  await expectFewNodes(page, "Results");

  const errors = await app.openTab("Errors");
  const truth = errors.getByLabel("True class", { exact: true }).first();
  await truth.click();
  // The native lists of the page have options too.
  const options = page.locator("[role=option]:visible");
  await expect(options.first()).toContainText(`${frequent} (12)`);
  expect(await options.count()).toBe(100);
  await truth.fill("intent 2999");
  await expect(options).toHaveText("intent 2999 (1)");
  await options.first().click();
  await expect(errors.getByText("; 1 match the filter.")).toBeVisible();
  await expectFewNodes(page, "Errors");

  const trying = await app.openTab("Try it");
  await trying.getByLabel("Text", { exact: true }).fill("w5 row 9");
  await trying.getByRole("button", { name: "All 3,000 classes" }).click();
  await trying.getByLabel("Search classes").fill("intent 1500");
  await expect(trying.getByRole("table", { name: "Probability of all classes" }).getByRole("row")).toHaveCount(2);
  await expectFewNodes(page, "Try it");

  const download = await app.openTab("Download");
  const saving = page.waitForEvent("download");
  await download.getByRole("button", { name: "metrics.csv" }).click();
  const saved = readFileSync(await (await saving).path(), "utf8");
  expect(saved.length).toBeLessThan(20_000);
  expect(saved.split("\r\n")[0]).toMatch(/,macro F1,weighted F1,Matthews correlation,balanced accuracy,Cohen’s kappa$/);
});
