import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("folds are trained one after the other, compared, saved, and their final model is used", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(45)))]);
  const data = await app.unfold("Data");
  await data.getByLabel("Score every row, in folds").check();
  await data.getByLabel("Folds", { exact: true }).selectOption("3");
  await expect(data).toContainText("4 models in all");
  expect(await faults(page), "folds chosen").toEqual([]);
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({ Epochs: "2", "Max length": "24", "Evaluations per epoch": "0" });
  await expect(page.getByText(/3, each as below, then a final model on all \d+ rows/)).toBeVisible();
  await page.getByRole("button", { name: "Start cross-validation" }).click();
  await expect(app.bar).toContainText(/Fold [23] of 3/, { timeout: 300_000 });
  await expect(page.getByRole("region", { name: "Scores of the folds" })).toContainText(/Fold 3/);
  await expect(app.bar).toContainText(/^Finished: .* ± .* over 3 folds/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "Cross-validation", exact: true });
  const table = card.getByRole("region", { name: "Scores of the folds" });
  await expect(table.getByRole("columnheader")).toHaveText([
    "Metric",
    "Mean",
    "Deviation",
    "95 % interval",
    "Fold 1",
    "Fold 2",
    "Fold 3",
  ]);
  const chart = card.getByRole("region", { name: "Held-out loss of each fold" });
  await expect(chart.getByRole("listitem")).toHaveCount(3);
  await chart.getByRole("button", { name: "Table: Held-out loss of each fold" }).click();
  await expect(page.getByRole("dialog")).toContainText("epoch");
  await page.keyboard.press("Escape");
  await expect(results).toContainText("out-of-fold rows", { timeout: 60_000 });
  expect(await faults(page), "results of folds").toEqual([]);

  const saved = async (name: string, press: () => Promise<void>) => {
    const waiting = page.waitForEvent("download");
    await press();
    const download = await waiting;
    if (name !== "") expect(download.suggestedFilename()).toBe(name);
    return readFileSync(await download.path());
  };
  const fileOf = async (name: string) =>
    (await saved(name, () => card.getByRole("button", { name, exact: true }).click())).toString();
  expect((await fileOf("out-of-fold.csv")).split("\r\n")[0]).toMatch(/^row,fold,text,/);
  const issues = await fileOf("label-issues.csv");
  expect(issues.split("\r\n")[0]).toBe("rank,row,label,suggested,score,text");
  const report: unknown = JSON.parse(await fileOf("report.json"));
  expect(report).toMatchObject({ folds: { k: 3, repeats: 1, complete: 3 }, weights: "last" });

  await app.openTab("Errors");
  await expect(page.getByRole("tabpanel", { name: "Errors" })).toContainText("The final model is trained on all rows");
  expect(
    Object.values(await app.tryText("Free entry, win a prize")).reduce((sum, share) => sum + share, 0),
  ).toBeCloseTo(1);
  const panel = await app.openTab("Download");
  const zip = await saved("", () => panel.getByRole("button", { name: /^Download the model/ }).click());
  const files = unzipSync(new Uint8Array(zip));
  const card2 = new TextDecoder().decode(files["README.md"]);
  expect(card2).toContain("Cross-validation of 3 folds");
});

test("wrong labels are found, corrected by keyboard, undone, and trained on again", async ({ page }) => {
  const app = new TabtunePage(page);
  const rows = firstOfEach(45);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(rows))]);
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({ Epochs: "1", "Max length": "24", "Evaluations per epoch": "0" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 300_000 });
  const results = await app.openTab("Results");
  const panel = results.getByRole("region", { name: "Labels in doubt", exact: true });
  await panel.getByRole("button", { name: "Find labels in doubt, by 5 folds" }).click();
  const grid = panel.getByRole("grid", { name: "Labels in doubt" });
  await expect(grid.getByRole("row").nth(1)).toContainText(/ham|spam/, { timeout: 120_000 });
  await expect(panel.getByRole("status")).toContainText("90 rows, the label in the most doubt first");
  expect(await faults(page), "labels in doubt").toEqual([]);

  const detail = panel.getByRole("region", { name: "Current label in doubt" });
  await grid.focus();
  await page.keyboard.press("a");
  await expect(panel.getByRole("status")).toContainText("1 accepted");
  await expect(grid.getByRole("row").nth(1)).toContainText("accepted");
  await expect(grid.getByRole("row").nth(2)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("r");
  await expect(panel.getByRole("status")).toContainText("1 accepted · 1 kept");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(grid.getByRole("row").nth(3)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+z");
  await expect(panel.getByRole("status")).toHaveText(/first · 1 kept$/);
  await page.keyboard.press("Control+Shift+Z");
  await expect(panel.getByRole("status")).toContainText("1 accepted · 1 kept");
  await page.keyboard.press("Delete");
  await expect(panel.getByRole("status")).toContainText("1 dropped");
  await panel.getByLabel("Hide decided rows").check();
  await expect(grid).toHaveAttribute("aria-rowcount", "88");
  await expect(detail).not.toContainText("accepted");

  await panel.getByRole("button", { name: "Train again with the corrected rows" }).click();
  await page.getByRole("button", { name: "Drop them and start" }).click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 300_000 });
  await app.openTab("Results");
  await expect(panel).toContainText(/Validation rows: accuracy .* before, .* after/, { timeout: 60_000 });
  await panel.getByRole("button", { name: "Judge the labels again" }).click();
  await expect(panel).toContainText(/Mean of the folds: accuracy .* before, .* after/, { timeout: 120_000 });
  await expect(panel.getByRole("status")).toContainText("89 rows");
  expect(await faults(page), "what it gained").toEqual([]);
});
