import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("rows are mapped, looked at by keys, drawn around, selected by group, laid out by UMAP and saved", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(150)))]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ Epochs: "2", "Max length": "24", "Evaluations per epoch": "0" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "Map of the rows", exact: true });
  await card.getByRole("button", { name: "Map these rows" }).click();
  const map = card.getByRole("application", { name: /^Map of the rows[.] 60 validation rows/ });
  await expect(map).toBeVisible({ timeout: 60_000 });
  const groups = card.getByRole("list", { name: /^Groups/ });
  await expect(groups.getByRole("button")).toHaveText([/^ham\s*30$/, /^spam\s*30$/]);
  expect(await faults(page), "a map").toEqual([]);

  await map.focus();
  await page.keyboard.press("ArrowRight");
  await expect(card.getByRole("status").filter({ hasText: "label" })).toHaveText(/^Line \d+ · label (ham|spam) · /);
  await page.keyboard.press("Enter");
  const selected = results.getByRole("status").filter({ hasText: /^Selected:/ });
  await expect(selected).toHaveText(/^Selected:\D*1 of 60 validation rows/);
  await page.keyboard.press("Escape");
  await expect(selected).toHaveCount(0);

  // Around everything, by the pointer.
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  if (!box) throw new Error("The map is not shown.");
  const corners = [
    [2, 2],
    [box.width - 3, 2],
    [box.width - 3, box.height - 3],
    [2, box.height - 3],
  ] as const;
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  for (const [x, y] of corners) await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  await page.mouse.up();
  await expect(selected).toContainText("drawn around on the map · 60 of 60 validation rows");

  await groups.getByRole("button", { name: /^spam/ }).click();
  await expect(selected).toContainText("label spam · 30 of 60 validation rows");
  await expect(groups.getByRole("button", { pressed: true })).toHaveText(/^spam/);
  await groups.getByRole("button", { name: /^spam/ }).click();
  await expect(selected).toHaveCount(0);
  for (const [by, group] of [
    ["Prediction", /^(ham|spam)/],
    ["Right or wrong", /^right/],
    ["Loss", / to /],
  ] as const) {
    await card.getByLabel("Colour by").selectOption(by);
    await expect(groups.getByRole("button").first()).toHaveText(group);
  }

  await card.getByText("UMAP", { exact: true }).click();
  await expect(card).toContainText("UMAP keeps neighbours together", { timeout: 120_000 });
  const saving = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save CSV: Map of the rows" }).click();
  const path = await (await saving).path();
  const lines = Papa.parse<Record<string, string>>(readFileSync(path, "utf8").trimEnd(), { header: true }).data;
  expect(lines).toHaveLength(60);
  expect(lines.map(({ row }) => Number(row))).toEqual(lines.map(({ row }) => Number(row)).toSorted((a, b) => a - b));
  for (const { label, predicted, correct } of lines) expect(correct).toBe(label === predicted ? "1" : "0");
  await card.getByRole("button", { name: "Table: Map of the rows" }).click();
  const dialog = page.getByRole("dialog", { name: "Map of the rows: the rows" });
  await expect(dialog.getByRole("table")).toHaveAttribute("aria-rowcount", "61");
  expect(await faults(page), "the table of a map").toEqual([]);
  await page.keyboard.press("Escape");
  const picture = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save PNG: Map of the rows" }).click();
  expect((await picture).suggestedFilename()).toBe("map.png");

  await app.openTab("Errors");
  await app.openTab("Results");
  await expect(card.getByRole("application")).toBeVisible();
  await card.getByLabel("Rows", { exact: true }).selectOption("Training rows");
  await card.getByRole("button", { name: "Map these rows" }).click();
  await expect(card.getByRole("application", { name: /240 training rows/ })).toBeVisible({ timeout: 60_000 });
  await groups.getByRole("button", { name: /^ham/ }).click();
  await expect(card).toContainText("120 training rows selected: label ham.");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(card.getByRole("application")).toBeVisible();
  expect(await faults(page), "a map on a telephone").toEqual([]);
});
