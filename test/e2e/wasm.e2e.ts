import { expect, test } from "@playwright/test";
import { csvOf, firstOfEach, textFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("without a GPU the starter model learns spam from 320 messages on the processor", async ({ page }) => {
  test.setTimeout(1_200_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await expect(page.getByText("Only a software GPU found: training on the processor, slower")).toBeVisible();
  await app.choose("Data files", [textFile("balanced.csv", csvOf(firstOfEach(160)))]);
  await expect(app.card("Data")).toContainText("320 rows · ham 50");
  await page.getByRole("button", { name: "Use the starter model" }).click();
  await expect(app.card("Model").getByText(/Apache License 2[.]0; weights stored/)).toBeVisible();
  await app.fillRecipe({ "Learning rate": "1e-4", Epochs: "2", "Evaluations per epoch": "1" });
  await app.start.click();

  const place = page.getByRole("status").filter({ hasText: /^Processor · SIMD/ });
  await expect(place).toContainText("Only a software GPU was found");
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 660_000 });
  expect(await app.fact("Step")).toBe("32 of 32");
  expect(await app.figure("Macro F1")).toBeGreaterThanOrEqual(0.85);
  expect(await app.figure("Rows")).toBe(64);
  const spam = await app.tryText("You have WON a guaranteed prize! Call 09061701461 now to claim");
  const ham = await app.tryText("Sorry, I'll call you later, see you at home");
  expect(spam["spam"]).toBeGreaterThan(0.5);
  expect(ham["ham"]).toBeGreaterThan(0.5);
});
