import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { unzipSync } from "fflate";
import Papa from "papaparse";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Presses what saves a file. */
async function saved(page: Page, press: () => Promise<void>) {
  const waiting = page.waitForEvent("download");
  await press();
  const download = await waiting;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** Whether each validation row of the run that has ended is right, by the file of its download. */
async function rightRows(app: TabtunePage): Promise<boolean[]> {
  const panel = await app.openTab("Download");
  const press = () => panel.getByRole("button", { name: /^Download the model/ }).click();
  const { content } = await saved(app.page, press);
  const predictions = new TextDecoder().decode(unzipSync(new Uint8Array(content))["predictions.csv"]);
  const { data } = Papa.parse<Record<string, string>>(predictions, { header: true, skipEmptyLines: true });
  return data.map(({ label, predicted }) => label === predicted);
}

test("two runs are kept, compared, changed, deleted and put back, and are there after a reload", async ({ page }) => {
  const app = new TabtunePage(page);
  const open = async () => {
    await app.chooseBackend("wasm");
    await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
    await app.choose("Model files", tinyCheckpoint());
  };
  await page.goto("/");
  await open();
  await app.fillRecipe({ Epochs: "1", "Max length": "24", "Learning rate": "3e-4" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  const first = await rightRows(app);
  await app.fillRecipe({ Epochs: "4", "Learning rate": "0.002" });
  await app.openTab("Training");
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  const second = await rightRows(app);

  await page.keyboard.press("h");
  const dialog = page.getByRole("dialog", { name: "Runs" });
  const list = dialog.getByRole("region", { name: "List of runs" });
  const lines = list.getByRole("row");
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(1)).toContainText("messages.csv · model 2");
  expect(await faults(page), "the list of runs").toEqual([]);

  // Sorted by a press on a head, once and again.
  const scores = async () => (await list.getByRole("row").getByRole("cell").nth(8).allInnerTexts()).length;
  expect(await scores()).toBe(1);
  await list.getByRole("button", { name: "Log loss" }).click();
  await expect(list.getByRole("columnheader", { name: "Log loss" })).toHaveAttribute("aria-sort", "ascending");
  const column = async () => (await lines.allInnerTexts()).slice(1).map((text) => Number(text.split(/\s/).at(-1)));
  const rising = await column();
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  await list.getByRole("button", { name: "Log loss" }).click();
  expect(await column()).toEqual([...rising].reverse());
  await list.getByRole("button", { name: "Ended" }).click();

  // Name, note and pin.
  await list.getByRole("button", { name: "messages.csv · model", exact: true }).click();
  const card = dialog.getByRole("region", { name: "Chosen run", exact: true });
  await card.getByLabel("Name").fill("one epoch");
  await card.getByLabel("Name").press("Enter");
  await card.getByLabel("Note").fill("a short one");
  await card.getByRole("button", { name: "Pin to the top" }).click();
  await expect(lines.nth(1)).toContainText("one epoch");
  await expect(lines.nth(1)).toContainText("a short one");
  await card.getByRole("button", { name: "Fold" }).click();

  // Both, side by side.
  await list.getByLabel("Compare one epoch").check();
  await list.getByLabel("Compare messages.csv · model 2").check();
  const comparison = dialog.getByRole("region", { name: "Comparison" });
  const differing = comparison.getByRole("region", { name: "Table of what differs" }).getByRole("row");
  await expect(differing.filter({ hasText: "Learning rate" })).toContainText("3e-40.002");
  await expect(differing.filter({ hasText: "Epochs" })).toContainText("14");
  await expect(differing).toHaveCount(3);
  const chart = comparison.getByRole("region", { name: "Curves of the chosen runs" });
  await expect(chart.getByRole("listitem")).toHaveCount(2);
  await chart.getByLabel("What the curves show").selectOption("Training loss, smoothed");
  await expect(chart.getByRole("listitem").first()).toContainText("one epoch");
  await chart.getByText("Epochs", { exact: true }).click();
  await chart.getByRole("button", { name: "Table: Curves of the chosen runs" }).click();
  await expect(page.getByRole("dialog", { name: /the numbers/ })).toContainText("messages.csv · model 2");
  await page.keyboard.press("Escape");
  const alone = (own: boolean[], other: boolean[]) => own.filter((isRight, row) => isRight && !other[row]).length;
  const counts = [first.length, first.filter((isRight, row) => isRight && second[row]).length];
  counts.push(alone(first, second), alone(second, first));
  const chance = comparison.getByRole("region", { name: "More than chance?" });
  const tested = chance.getByRole("region", { name: "McNemar’s exact test" }).getByRole("row").nth(1);
  for (const [place, count] of counts.entries())
    await expect(tested.getByRole("cell").nth(place)).toHaveText(`${count}`);
  expect(await faults(page), "the comparison").toEqual([]);

  // A file, and the way back from it.
  await list.getByRole("button", { name: "one epoch" }).click();
  const file = await saved(page, () => card.getByRole("button", { name: "Export" }).click());
  expect(file.name).toBe("one-epoch.tabtune-run.json");
  expect(file.content.toString()).not.toContain(firstOfEach(60)[0]?.text);
  await card.getByRole("button", { name: "Delete" }).click();
  await expect(lines).toHaveCount(2);
  await dialog.getByRole("button", { name: "Put back" }).click();
  await expect(lines).toHaveCount(3);
  await card.getByRole("button", { name: "Delete" }).click();
  const load = async (content: Buffer) => {
    const choosing = page.waitForEvent("filechooser");
    await dialog.getByRole("button", { name: "Import runs" }).click();
    await (await choosing).setFiles([{ name: file.name, mimeType: "application/json", buffer: content }]);
  };
  await load(Buffer.from(file.content.toString().replace('"version": 1', '"version": 9')));
  await expect(dialog.getByRole("alert")).toContainText("written by a later version of Tabtune (format 9)");
  await expect(lines).toHaveCount(2);
  await load(file.content);
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(1)).toContainText("a short one");
  await load(file.content);
  await expect(dialog).toContainText("is in the list already, as “one epoch”");

  // Another tab has the same list, and sees what changes here.
  const other = await page.context().newPage();
  await other.goto("/");
  await other.getByRole("button", { name: "Runs", exact: true }).click();
  const otherLines = other.getByRole("region", { name: "List of runs" }).getByRole("row");
  await expect(otherLines).toHaveCount(3);
  await list.getByRole("button", { name: "messages.csv · model 2" }).click();
  await card.getByRole("button", { name: "Delete" }).click();
  await expect(otherLines).toHaveCount(2);
  await other.close();

  await page.reload();
  await open();
  await page.keyboard.press("h");
  await expect(lines).toHaveCount(2);
  await list.getByRole("button", { name: "one epoch" }).click();
  await card.getByRole("button", { name: "Start from these settings" }).click();
  await expect(card.getByRole("status")).toContainText("The recipe now has the settings of “one epoch”.");
  await page.keyboard.press("Escape");
  await expect(app.card("Recipe")).toContainText("Rate 3e-4 · 1 epoch");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(app.card("Recipe")).toContainText("Rate 1e-4 (automatic)");

  await page.keyboard.press("h");
  await dialog.getByRole("button", { name: "Forget all runs" }).click();
  await expect(dialog).toContainText("No run has ended yet.");
  await page.reload();
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  await expect(dialog).toContainText("No run has ended yet.");
});
