import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { readFileSync } from "node:fs";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("a threshold is chosen by what mistakes cost, and predictions and the download follow it", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(80)))]);
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({ Epochs: "2", "Max length": "24", "Evaluations per epoch": "0" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "What do mistakes cost?", exact: true });
  await card.getByRole("combobox", { name: "Class" }).click();
  await page.getByRole("option", { name: "spam", exact: true }).click();
  const figures = card.getByRole("region", { name: "Figures of spam" });
  const row = (name: string) => figures.getByRole("row", { name: new RegExp(`^${name}`) }).getByRole("cell");
  await expect(row("Threshold").nth(0)).toHaveText("most probable");
  // A miss that costs everything: all rows are predicted as spam, and none is missed.
  await card.getByLabel("A miss costs", { exact: true }).fill("1000");
  await card.getByRole("button", { name: "Take the least cost" }).click();
  await expect(row("Misses").nth(2)).toHaveText("0");
  await expect(row("Cost per row").nth(1)).toHaveText(await row("Cost per row").nth(2).innerText());
  await card.getByLabel("Threshold", { exact: true }).fill("x");
  await expect(card).toContainText("A number between 0 and 1, such as 0.3.");
  const slider = card.getByRole("slider", { name: "Threshold of spam" });
  await slider.focus();
  await slider.press("Home");
  await expect(card.getByLabel("Threshold", { exact: true })).toHaveValue("0.01");
  await expect(row("Recall").nth(1)).toHaveText("1.000");
  expect(await faults(page), "the costs of thresholds").toEqual([]);
  await card.getByRole("button", { name: "Table: What do mistakes cost?" }).click();
  await expect(page.getByRole("dialog")).toContainText("false alarms");
  await page.keyboard.press("Escape");

  await card.getByRole("button", { name: "Predict by this threshold" }).click();
  await expect(results.getByRole("note")).toContainText("Thresholds were set on the rows that are reported here: spam");
  await expect(row("Threshold").nth(0)).toHaveText("0.010");
  const scores = results.getByRole("row", { name: /^ham/ }).first();
  await expect(scores.getByRole("cell").nth(1)).toHaveText("0.000");
  expect(await faults(page), "thresholds that were set").toEqual([]);

  await app.openTab("Try it");
  await page.getByLabel("Text", { exact: true }).fill("see you at home");
  await expect(page.getByText(/^spam, /)).toBeVisible();

  const panel = await app.openTab("Download");
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: /^Download the model/ }).click();
  const files = unzipSync(new Uint8Array(readFileSync(await (await download).path())));
  const textOf = (name: string) => new TextDecoder().decode(files[name]);
  const config = JSON.parse(textOf("config.json")) as { tabtune: object };
  expect(config.tabtune).toEqual({ thresholds: { spam: 0.01 }, thresholdsByHand: true });
  expect(textOf("README.md")).toContain("def decide(scores):");
  const predicted = textOf("predictions.csv").trim().split("\r\n").slice(1);
  expect(predicted.every((line) => /,(ham|spam),spam,/.test(line))).toBe(true);

  await app.openTab("Results");
  await card.getByRole("button", { name: "Reset" }).click();
  await expect(results.getByRole("note")).toHaveCount(0);
  await expect(row("Threshold").nth(0)).toHaveText("most probable");
});
