import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("a run is repeated on shares of its rows, stopped, and says whether more rows would help", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(100)))]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ Epochs: "4", "Max length": "24", "Evaluations per epoch": "0" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "Would more rows help?", exact: true });
  const linear = card.getByRole("region", { name: "Scores of the linear model by number of training rows" });
  await expect(linear.getByRole("row")).toHaveCount(5);
  const macro = await app.figure("Macro F1");

  await card.getByRole("button", { name: "Fine-tune on 25, 50 and 75 % of the rows too" }).click();
  await expect(card).toContainText(/Fine-tuning on 25\s% of the rows/);
  await card.getByRole("button", { name: "Stop" }).click();
  await expect(card).toContainText("It was stopped: shares that are missing were not complete.");

  await card.getByRole("button", { name: "Fine-tune on shares of the rows again" }).click();
  const tuned = card.getByRole("region", { name: "Scores of the fine-tuned model by number of training rows" });
  await expect(tuned.getByRole("row")).toHaveCount(5, { timeout: 240_000 });
  await expect(tuned.getByRole("rowheader")).toHaveText(["40", "80", "120", "160"]);
  await expect(card).toContainText(/From 75 to 100\s% of the rows the fine-tuned model .* more rows of this kind/);
  // The last point is the run.
  const title = await tuned.getByRole("columnheader").allTextContents();
  const last = await tuned.getByRole("row").last().getByRole("cell").allTextContents();
  expect(Number.parseFloat(last[title.indexOf("Macro F1") - 1] ?? "")).toBeCloseTo(macro, 3);
  expect(await faults(page), "a learning curve").toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faults(page), "a learning curve on a telephone").toEqual([]);
});
