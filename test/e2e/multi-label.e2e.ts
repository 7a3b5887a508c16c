import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const rows = readFileSync(join(import.meta.dirname, "rows/goemotions.csv"), "utf8");
const labels = ["amusement", "gratitude", "love", "sadness"];
const texts = ["Thank you so much, this made me laugh, lol", "I miss him, this hurts to watch"];

test("comments with several emotions are learned, looked into, downloaded and opened again", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("emotions.csv", rows)]);
  const data = app.card("Data");
  await expect(data).toContainText(/129 rows · 4 labels, 1[.]\d per row/);
  await expect(data.getByLabel("Task", { exact: true })).toHaveValue("auto");
  await expect(data.getByLabel("Task", { exact: true })).toContainText("multi-label");
  await expect(data.getByText(/several labels in one cell, with "," between them/).first()).toBeVisible();

  await expect(data).toContainText("20 % held out, the same share of each label.");

  // One press makes each cell a class, and another lets the labels speak again.
  await data.getByLabel("Task", { exact: true }).selectOption("single-label");
  await expect(data).toContainText(/129 rows · \d+ classes/);
  await data.getByLabel("Task", { exact: true }).selectOption("auto");
  await expect(data).toContainText("4 labels");

  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Learning rate": "0.003", Epochs: "20", "Max length": "60", "Evaluations per epoch": "1" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });
  await expect(page.getByRole("region", { name: "Label scores" }).getByText("gratitude").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "A matrix for each label", exact: true })).toContainText(
    "threshold 0.50",
  );

  // PyTorch's mean less two standard deviations, see make_journeys.py; all labels for every text reach 0.452 and 0.293.
  expect(await app.figure("Macro F1")).toBeGreaterThanOrEqual(0.486);
  expect(await app.figure("Mean average precision")).toBeGreaterThanOrEqual(0.527);
  const results = await app.openTab("Results");
  const scores = results.getByRole("region", { name: "Scores of each label" });
  for (const label of [...labels, "macro average", "average of rows"]) await expect(scores).toContainText(label);
  await expect(scores).toContainText("Average precision");

  const comparison = results.getByRole("region", { name: "Baseline and fine-tuning" });
  await expect(comparison.getByRole("row").nth(1)).toContainText("linear model");

  // On a telephone both tables are seen whole, and are still tables to a screen reader.
  await page.setViewportSize({ width: 390, height: 844 });
  for (const table of [scores, comparison]) {
    const hidden = await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden).toBeLessThanOrEqual(0);
    await expect(table.getByRole("row").last().getByRole("cell").first()).toBeVisible();
  }
  await expect(scores.getByRole("row", { name: /^average of rows/ })).toContainText(/0[.]\d/);
  await page.setViewportSize({ width: 1280, height: 720 });

  const errors = await app.openTab("Errors");
  await expect(errors.getByText(/^\d+ of \d+ validation rows have a wrong label/)).toBeVisible();
  await expect(errors.getByRole("table", { name: /highest loss first/ })).toBeVisible();

  const seen = [];
  for (const text of texts) seen.push(await app.tryText(text));
  expect(seen[0]?.["gratitude"]).toBeGreaterThan(seen[1]?.["gratitude"] ?? 1);

  // The baseline answers too.
  const trying = await app.openTab("Try it");
  await trying.getByText("Baseline", { exact: true }).click();
  const [first = ""] = texts;
  expect(Object.keys(await app.tryText(first)).sort()).toEqual(labels);
  await trying.getByText(/^Best/).click();

  const zip = join(mkdtempSync(join(tmpdir(), "tabtune-labels-")), "model.zip");
  const download = await app.openTab("Download");
  const saved = page.waitForEvent("download");
  await download.getByRole("button", { name: /^Download the model/ }).click();
  await (await saved).saveAs(zip);
  const config = Object.entries(unzipSync(readFileSync(zip))).find(([path]) => /(^|\/)config[.]json$/.test(path))?.[1];
  expect(JSON.parse(new TextDecoder().decode(config))).toMatchObject({
    problem_type: "multi_label_classification",
    id2label: Object.fromEntries(labels.map((label, k) => [k, label])),
    tabtune: { thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])) },
  });

  await page.reload();
  await app.chooseBackend("wasm");
  await app.drop(page.getByText("Drop a checkpoint"), [zip]);
  await expect(app.card("Model").getByText(`kept: ${labels.join(", ")}`)).toBeVisible();
  for (const [i, text] of texts.entries()) {
    const again = await app.tryText(text);
    for (const label of labels) expect(Math.abs((again[label] ?? 2) - (seen[i]?.[label] ?? -2))).toBeLessThan(1e-4);
  }
});
