import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Real messages with faults that a person finds: a label with a typing error, a row of noise, one twice. */
function messyTable(): string {
  const rows = firstOfEach(60);
  const [first, second, third] = rows;
  if (!first || !second || !third) throw new Error("The sample has no rows.");
  rows[0] = { label: "hamm", text: first.text };
  rows.splice(10, 0, { label: "ham", text: "zzz zzz test row please ignore" });
  rows.push({ ...third });
  return csvOf(rows);
}

test("a messy table is searched, corrected, saved, and its changes are read back", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  const file = textFile("messy.csv", messyTable());
  await app.choose("Data files", [file]);
  await expect(app.card("Data")).toContainText("hamm");
  const data = await app.unfold("Data");
  await data.getByRole("button", { name: "Search, correct and label the rows" }).click();
  const panel = page.getByRole("tabpanel", { name: "Rows", exact: true });
  const grid = panel.getByRole("grid", { name: "Rows" });
  const status = panel.getByRole("status");
  await expect(status).toHaveText("122 of 122 rows");
  expect(await faults(page), "all rows").toEqual([]);

  await panel.getByLabel("Search in the rows").fill("hamm");
  await expect(status).toHaveText("1 of 122 rows");
  await grid.focus();
  // Classes: ham, hamm, spam.
  await page.keyboard.press("1");
  await expect(grid.getByRole("row").nth(1)).toContainText("ham");
  await expect(status).toContainText("1 change of 1 row");
  await expect(app.card("Data")).not.toContainText("hamm", { timeout: 20_000 });

  await panel.getByLabel("Search in the rows").fill("please ignore");
  await expect(status).toHaveText(/^1 of 122 rows/);
  await grid.focus();
  await page.keyboard.press("Delete");
  await expect(grid.getByRole("row").nth(1)).toContainText("dropped");
  await panel.getByLabel("Search in the rows").fill("");
  await panel.getByLabel("Show").selectOption("duplicates");
  await expect(status).toHaveText(/^4 of 122 rows/); // One pair is the sample's own.
  await grid.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Delete");
  await expect(status).toContainText("3 changes of 3 rows");
  await page.keyboard.press("Control+z");
  await expect(status).toContainText("2 changes of 2 rows");
  await page.keyboard.press("Control+Shift+Z");
  await expect(status).toContainText("3 changes of 3 rows");

  await panel.getByLabel("Show").selectOption("changed");
  await expect(status).toHaveText(/^3 of 122 rows/);
  const detail = panel.getByRole("region", { name: "Current row" });
  await detail.getByRole("button", { name: "Edit the cells" }).click();
  await detail.getByLabel("text", { exact: true }).fill("A corrected text");
  await detail.getByRole("button", { name: "Keep the changes" }).click();
  await expect(grid).toContainText("A corrected text");
  await panel.getByLabel("Show").selectOption("all");
  await grid.getByRole("button", { name: "label" }).click();
  await grid.getByRole("button", { name: "label" }).click();
  await expect(grid.getByRole("row").nth(1)).toContainText("spam");
  expect(await faults(page), "changed rows").toEqual([]);

  const saved = async (name: string) => {
    const waiting = page.waitForEvent("download");
    await panel.getByRole("button", { name }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };
  const table = await saved("Save the table as CSV");
  expect(table.name).toBe("messy.corrected.csv");
  expect(
    table.text
      .trim()
      .split("\r\n")
      .filter((line) => /^(ham|spam),/.test(line)).length,
  ).toBeGreaterThan(100);
  expect(table.text).toContain("A corrected text");
  expect(table.text).not.toMatch(/hamm,|please ignore/);
  const patch = await saved("Save the changes as a patch");
  expect(patch.name).toBe("messy.edits.jsonl");

  await page.reload();
  await app.choose("Data files", [textFile("other.csv", csvOf(firstOfEach(20)))]);
  await expect(app.card("Data")).toContainText("40 rows");
  await app.choose("Data files", [textFile(patch.name, patch.text)]);
  await expect(app.card("Data").getByRole("alert")).toContainText("is a patch for messy.csv, not for other.csv");
  await app.choose("Data files", [file]);
  await expect(app.card("Data")).toContainText("hamm");
  await app.choose("Data files", [textFile(patch.name, patch.text)]);
  await expect(app.card("Data")).not.toContainText("hamm");
  await app.openTab("Rows");
  await expect(status).toContainText("4 changes of 3 rows");
  const again = await saved("Save the table as CSV");
  expect(again.text).toBe(table.text);
});

test("40 rows without a label are labelled by uncertainty, and the model is trained again with them", async ({
  page,
}) => {
  const rows = firstOfEach(120);
  // Every sixth message loses its label; 40 of 240.
  const truth = new Map(rows.map(({ text, label }) => [text, label]));
  const bare = rows.map(({ text, label }, i) => ({ text, label: i % 6 === 0 ? "" : label }));
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("bare.csv", csvOf(bare))]);
  await expect(app.card("Data")).toContainText("200 rows");
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({ Epochs: "2", "Max length": "32" });
  const panel = await app.openTab("Rows");
  await expect(panel).toContainText("40 rows have no label. After a run");
  await app.openTab("Training");
  await app.start.click();
  await expect(app.bar).toContainText("Finished", { timeout: 240_000 });

  await app.openTab("Rows");
  const grid = panel.getByRole("grid", { name: "Rows" });
  const status = panel.getByRole("status").first();
  for (const by of ["entropy", "diverse", "margin"]) {
    await panel.getByLabel("Least sure is where").selectOption(by);
    await panel.getByRole("button", { name: "Show the least sure first" }).click();
    await expect(status).toHaveText(/^40 of 240 rows/, { timeout: 60_000 });
    await expect(panel.getByRole("button", { name: "Show the least sure first" })).toBeEnabled();
  }
  await expect(grid).toBeFocused();
  expect(await faults(page), "rows to label").toEqual([]);
  const confidence = async (row: number) =>
    Number.parseFloat(await grid.getByRole("row").nth(row).getByRole("gridcell").nth(3).innerText());
  expect(await confidence(1)).toBeLessThanOrEqual(await confidence(8));

  const detail = panel.getByRole("region", { name: "Current row" });
  for (let labelled = 0; labelled < 40; labelled++) {
    const text = await detail.locator("p").first().textContent();
    await page.keyboard.press(truth.get(text ?? "") === "ham" ? "1" : "2");
    await expect(status).toContainText(`${labelled + 1} change`);
  }
  await expect(status).toContainText("40 changes of 40 rows");
  await expect(app.card("Data")).toContainText("240 rows");
  await expect(panel.getByRole("note")).toContainText("trained before the last changes of rows");
  await expect(panel.getByRole("region", { name: "Rows without a label" })).toHaveCount(0);

  await app.openTab("Training");
  await page.getByRole("button", { name: "Start again" }).click();
  await page.getByRole("button", { name: "Drop them and start" }).click();
  await expect(app.bar).toContainText("Finished", { timeout: 240_000 });
  await app.openTab("Rows");
  await expect(panel.getByRole("note")).toHaveCount(0);
  await panel.getByLabel("Show").selectOption("validation");
  await expect(status).toContainText(/^48 of 240 rows/);
});
