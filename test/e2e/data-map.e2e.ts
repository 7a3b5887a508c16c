import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("training rows are mapped over the epochs, listed by region, opened in the table and saved", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(150)))]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ Epochs: "3", "Max length": "24", "Evaluations per epoch": "0" });
  await app
    .card("Recipe")
    .getByRole("switch", { name: /^Data map/ })
    .click();
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "Data map", exact: true });
  await expect(card).toContainText(/240 training rows over 3 epochs: \d+ easy, \d+ ambiguous, \d+ hard\./);
  const map = card.getByRole("application", { name: /^Data map: confidence over variability/ });
  const regions = card.getByRole("list", { name: /^Groups/ }).getByRole("button");
  await expect(regions).toHaveText([/^easy\s*\d+$/, /^ambiguous\s*\d+$/, /^hard\s*\d+$/]);
  const table = card.getByRole("table", { name: "Rows of the data map" });
  await expect(table).toHaveAttribute("aria-rowcount", "241");
  expect(await faults(page), "a data map").toEqual([]);

  await map.focus();
  await page.keyboard.press("ArrowRight");
  await expect(card.getByRole("status").filter({ hasText: "label" })).toHaveText(
    /^Row \d+ · label (ham|spam) · (easy|ambiguous|hard) · confidence 0\.\d+ · /,
  );
  // A third of the rows changes most.
  await regions.nth(1).click();
  await expect(card.getByRole("status").filter({ hasText: "ambiguous rows" })).toContainText("80 training rows");
  await expect(table).toHaveAttribute("aria-rowcount", "81");
  const first = table.getByRole("row").nth(1);
  await expect(first.getByRole("cell").nth(1)).toHaveText("ambiguous");
  await regions.nth(1).click();
  await expect(table).toHaveAttribute("aria-rowcount", "241");

  const saving = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save CSV: Data map" }).click();
  const path = await (await saving).path();
  const lines = Papa.parse<Record<string, string>>(readFileSync(path, "utf8").trimEnd(), { header: true }).data;
  expect(lines).toHaveLength(240);
  expect(Object.keys(lines[0] ?? {})).toEqual([
    ...["row", "label", "confidence", "variability", "correctness", "region", "text"],
  ]);
  const least = lines.reduce((one, other) => (Number(other.confidence) < Number(one.confidence) ? other : one));
  const link = first.getByRole("button");
  await expect(link).toHaveText(least.row ?? "");

  const picture = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save PNG: Data map" }).click();
  expect((await picture).suggestedFilename()).toBe("data-map.png");

  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faults(page), "a data map on a telephone").toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });

  await link.click();
  const rows = page.getByRole("tabpanel", { name: "Rows", exact: true });
  const detail = rows.getByRole("region", { name: "Current row" });
  await expect(detail).toContainText(`Row ${least.row}`, { timeout: 20_000 });
  await expect(detail).toContainText((least.text ?? "").slice(0, 30));
});
