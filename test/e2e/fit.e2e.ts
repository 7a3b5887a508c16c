import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("the card of the data says how badly a checkpoint fits the texts", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  const rows = Array.from({ length: 80 }, (_, i) => `слово другое ${i},${i % 2 ? "да" : "нет"}`);
  await app.choose("Data files", [textFile("russian.csv", ["text,label", ...rows].join("\n"))]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Data").getByRole("button", { expanded: false }).first()).toBeVisible();
  const data = await app.unfold("Data");
  await expect(data).toContainText(/% of the words are Cyrillic, which this checkpoint's tokenizer/);
  expect(await faults(page), "fit").toEqual([]);
});
