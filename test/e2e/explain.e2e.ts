import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Rows of one length, in half of which the word “prize” stands: it alone says that they are spam. */
function rows(): string {
  const words = "the call is now you have to a for in my on and it be at we so do me if not go up ok".split(" ");
  const line = (i: number) => {
    const own = Array.from({ length: 6 }, (_, k) => words[(i * 7 + k * 11 + (i % 13) * k) % words.length] ?? "");
    if (i % 2 === 0) own[(i * 5) % 6] = "prize";
    // One row in twelve has the wrong label, so that some come out wrong.
    return `${own.join(" ")},${(i % 2 === 0) === (i % 12 !== 5 && i % 12 !== 6) ? "spam" : "ham"}`;
  };
  return ["text,label", ...Array.from({ length: 240 }, (_, i) => line(i))].join("\n");
}

test("a person sees which words drove a prediction, in Try it and for a row that came out wrong", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("planted.csv", rows())]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Learning rate": "0.002", Epochs: "6", "Max length": "40", "Evaluations per epoch": "1" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const trying = await app.openTab("Try it");
  await trying.getByLabel("Text", { exact: true }).fill("you have a prize now ok");
  await trying.getByLabel("Show which words drove it").check();
  const explained = trying.getByRole("region", { name: "What drove the prediction" });
  const table = explained.getByRole("region", { name: "Contributions of the words" });
  await expect(table.getByRole("row").nth(1)).toContainText("prize", { timeout: 60_000 });
  await expect(explained.getByRole("note")).toContainText(/speak for “spam”/);
  await expect(explained.getByRole("note")).toContainText(/add up to/);
  await expect(explained.locator("mark", { hasText: "prize" })).toHaveAttribute("data-against", "false");
  await explained.getByLabel("Label").selectOption("ham");
  await expect(explained.locator("mark", { hasText: "prize" })).toHaveAttribute("data-against", "true");
  await explained.getByLabel("Method").selectOption("leave-one-out");
  await expect(explained.getByRole("note")).toContainText("what it loses without it");
  await expect(table.getByRole("row").nth(1)).toContainText("prize");
  // The text changes, and the contributions with it.
  await trying.getByLabel("Text", { exact: true }).fill("you have a call now ok");
  await expect(explained.locator("mark", { hasText: "prize" })).toHaveCount(0);
  await expect(explained.locator("mark", { hasText: "call" })).toBeVisible();

  const errors = await app.openTab("Errors");
  await errors.getByRole("button", { name: "Explain" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(/Row of line \d+/);
  await expect(dialog.locator("mark").first()).toBeVisible({ timeout: 60_000 });
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
