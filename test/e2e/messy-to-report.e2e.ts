import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Messages of which one is in HTML, one comes twice, and two have the other label. */
function messyCsv(): string {
  const rows = firstOfEach(60).map((row, i) => {
    if (i === 4) return { ...row, text: `<p>${row.text}</p>` };
    if (i === 10 || i === 30) return { ...row, label: row.label === "ham" ? "spam" : "ham" };
    return row;
  });
  return csvOf([...rows, ...rows.slice(20, 21)]);
}

test("a messy file is cleaned, judged in folds, corrected, trained on again, tested and reported", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messy.csv", messyCsv())]);
  const data = await app.unfold("Data");
  await data.getByText("Cleaning", { exact: true }).click();
  await data.getByRole("switch", { name: "Clean: HTML" }).click();
  await data.getByRole("switch", { name: "Clean: Exact duplicates" }).click();
  await expect(data).toContainText("2 rows repeat earlier ones and are left out");
  await data.getByText("Set a share apart").click();
  await data.getByLabel("Score every row, in folds").check();
  await data.getByLabel("Folds", { exact: true }).selectOption("2");
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({ Epochs: "1", "Max length": "24", "Evaluations per epoch": "0" });
  await page.getByRole("button", { name: "Start cross-validation" }).click();
  await expect(app.bar).toContainText(/^Finished: .* ± .* over 2 folds/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  await expect(results.getByRole("region", { name: "Scores of the folds" })).toContainText("Mean");
  const doubts = results.getByRole("region", { name: "Labels in doubt", exact: true });
  const grid = doubts.getByRole("grid", { name: "Labels in doubt" });
  await expect(grid.getByRole("row").nth(1)).toContainText(/ham|spam/, { timeout: 60_000 });
  await grid.focus();
  await page.keyboard.press("a");
  await page.keyboard.press("a");
  await expect(doubts.getByRole("status")).toContainText("2 accepted");

  // Without folds now, so that the test set is scored by the model that is downloaded.
  await app.unfold("Data");
  await data.getByLabel("Score every row, in folds").uncheck();
  const training = await app.openTab("Training");
  await training.getByRole("button", { name: "Start again" }).click();
  await page.getByRole("button", { name: "Drop them and start" }).click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });
  await app.openTab("Results");
  const tested = results.getByRole("region", { name: "Test set", exact: true });
  await tested.getByRole("button", { name: "Score the test set" }).click();
  await expect(tested).toContainText("Used once since these rows were opened.", { timeout: 60_000 });

  const panel = await app.openTab("Download");
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Save the report" }).click();
  const report = readFileSync(await (await download).path(), "utf8");
  expect(report).toContain("messy.csv");
  expect(report).toMatch(/cleanHtml|HTML/);
  expect(report).toMatch(/test/i);
  expect(report).not.toMatch(/<script|https?:\/\/(?!huggingface)/);
});
