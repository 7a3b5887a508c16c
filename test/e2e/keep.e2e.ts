import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { csvOf, firstOfEach, messages, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("a recipe is saved and loaded as a file, undone and redone", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(50)))]);
  const card = app.card("Recipe");
  await app.fillRecipe({ "Learning rate": "3e-5", Epochs: "1.5" });
  await card.getByLabel("Schedule", { exact: true }).selectOption("cosine");
  const saved = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save recipe" }).click();
  const path = await (await saved).path();
  const text = readFileSync(path, "utf8");
  expect(parseRecipe(text, "recipe.json")).toMatchObject({ learningRate: 3e-5, epochs: 1.5, schedule: "cosine" });

  await card.getByRole("button", { name: "Reset to defaults" }).click();
  await expect(card).toContainText("Rate automatic · 20 epochs (automatic)");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toContainText("Rate 3e-5 · 1.5 epochs");
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(card).toContainText("Rate automatic · 20 epochs (automatic)");

  const load = async (content: string) => {
    const dialog = page.waitForEvent("filechooser");
    await card.getByRole("button", { name: "Load recipe" }).click();
    await (await dialog).setFiles([textFile("recipe.json", content)]);
  };
  await load(text);
  await expect(card).toContainText("Rate 3e-5 · 1.5 epochs");
  await load(text.replace("3e-5", "0.00003").replace('"cosine"', '"sudden"'));
  await expect(card.getByRole("alert")).toContainText(/schedule/i);
  await expect(card).toContainText("Rate 3e-5 · 1.5 epochs");
});

test("a second file gives the validation rows, and its errors read the same when tried", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("train.csv", csvOf(firstOfEach(120)))]);
  const data = app.card("Data");
  await data.getByText("From a second file").click();
  await app.choose("Validation file", [textFile("held.csv", csvOf(messages().slice(2000, 2060)))]);
  await expect(data).toContainText("validation from held.csv");
  await expect(data.getByText("held.csv · 60 rows")).toBeVisible();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ Epochs: "2", "Max length": "64", "Learning rate": "3e-4" });
  // What stands in both files is validated, not trained on.
  await expect(page.getByText(/^23\d to train, 60 to validate/)).toBeVisible();
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  expect(await app.figure("Rows")).toBe(60);

  const errors = await app.openTab("Errors");
  const row = errors
    .getByRole("table", { name: /Misclassified rows/ })
    .getByRole("row")
    .nth(1);
  // The texts of the rows come after the rows.
  await expect(row.getByRole("cell").nth(4)).toHaveText(/\w/);
  const [sure = "", , predicted = "", , text = ""] = await row.getByRole("cell").allInnerTexts();
  const again = await app.tryText(text);
  expect(Math.abs((again[predicted] ?? 2) - Number.parseFloat(sure) / 100)).toBeLessThan(0.0006);

  await app.unfold("Data");
  await data.getByRole("button", { name: "Remove" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("has not been downloaded");
  await question.getByRole("button", { name: "Keep them" }).click();
  await expect(data).toContainText("validation from held.csv");
  await data.getByRole("button", { name: "Remove" }).click();
  await question.getByRole("button", { name: "Drop them and change" }).click();
  await expect(data).toContainText("20 % held out".replace(" ", "\u202f"));
  await app.openTab("Training");
  await expect(app.start).toBeEnabled();
});
