import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { scoredReviews } from "./rows/scored-reviews.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const texts = ["The food was very excellent and the service lovely.", "The food was very awful and the service poor."];

test("reviews with a score are learned, looked into, downloaded and opened again", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("reviews.csv", scoredReviews(150))]);
  const data = app.card("Data");
  await expect(data).toContainText(/150 rows · numbers 0[.]\d+ to 5[.]\d+, mean 3/);
  await expect(data.getByLabel("Task", { exact: true })).toContainText("regression");
  await expect(data.getByText(/different numbers from .*: a regression target/).first()).toBeVisible();
  await expect(data.getByRole("img", { name: /^Rows by value[.] From 0/ })).toBeVisible();

  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Learning rate": "0.003", Epochs: "20", "Max length": "60", "Evaluations per epoch": "1" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });
  await expect(page.getByRole("region", { name: "Correlation", exact: true })).toBeVisible();
  const live = page.getByRole("region", { name: "Predicted against true values" });
  await expect(live.getByRole("img", { name: /^Predicted over true values[.] Pearson/ })).toBeVisible();

  // PyTorch's mean less two standard deviations, see make_journeys.py.
  expect(await app.figure("Pearson correlation")).toBeGreaterThanOrEqual(0.936);
  expect(await app.figure("Root mean squared error")).toBeLessThanOrEqual(0.378);
  expect(await app.figure("Rows")).toBe(30);
  const results = await app.openTab("Results");
  await expect(results.getByRole("region", { name: "Errors of the predicted values" })).toContainText(
    "Median residual",
  );
  await expect(results.getByRole("img", { name: /^Rows by residual/ })).toBeVisible();
  await expect(results.getByRole("region", { name: "Baseline and fine-tuning" })).toContainText("linear model");

  const errors = await app.openTab("Errors");
  await expect(errors.getByText("All 30 validation rows, the largest errors first.")).toBeVisible();
  await errors.getByText("Too high").click();
  const first = errors
    .getByRole("table", { name: /largest first/ })
    .getByRole("row")
    .nth(1);
  await expect(first.getByRole("cell").first()).toHaveText(/^\+/);
  await expect(first.getByRole("cell").nth(4)).toHaveText(/The food was/);

  const valueOf = async (text: string) => {
    const trying = await app.openTab("Try it");
    await trying.getByLabel("Text", { exact: true }).fill(text);
    const answer = trying.getByRole("status").filter({ hasText: "score:" });
    await expect(answer).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
    return Number(await answer.locator("strong").getAttribute("title"));
  };
  const seen: number[] = [];
  for (const text of texts) seen.push(await valueOf(text));
  expect(seen[0] ?? NaN).toBeGreaterThan((seen[1] ?? NaN) + 1);

  const zip = join(mkdtempSync(join(tmpdir(), "tabtune-score-")), "model.zip");
  const download = await app.openTab("Download");
  const saved = page.waitForEvent("download");
  await download.getByRole("button", { name: /^Download the model/ }).click();
  await (await saved).saveAs(zip);
  const config = Object.entries(unzipSync(readFileSync(zip))).find(([path]) => /(^|\/)config[.]json$/.test(path))?.[1];
  expect(JSON.parse(new TextDecoder().decode(config))).toMatchObject({ problem_type: "regression" });

  await page.reload();
  await app.chooseBackend("wasm");
  await app.drop(page.getByText("Drop a checkpoint"), [zip]);
  await expect(app.card("Model")).toContainText("kept");
  for (const [i, text] of texts.entries()) {
    // The units of the data are in the head's own weights.
    expect(Math.abs((await valueOf(text)) - (seen[i] ?? NaN))).toBeLessThan(1e-4);
  }
});
