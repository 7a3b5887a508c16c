import { expect, test } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("a way to train fills in the recipe, a layer freezes by keyboard, and a sweep finds a rate", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  const toggle = app.card("Recipe").locator("h2 button");
  if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  await app.card("Recipe").getByLabel("Epochs", { exact: true }).fill("4");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model").getByText("new, made at the start")).toBeVisible();
  // A model that comes while somebody works in the recipe does not fold it, nor take what was just typed.
  await expect(app.card("Recipe").getByLabel("Epochs", { exact: true })).toHaveValue("4");
  await app.fillRecipe({ Seed: "7", "Max length": "24" });

  const recipe = app.card("Recipe");
  await recipe.getByLabel("Way to train").selectOption("gentle");
  await expect(recipe.getByLabel("Layer-wise rate decay")).toHaveValue("0.8");
  await expect(recipe.getByLabel("Gradual unfreezing")).toBeChecked();
  // What belongs to the data stays.
  await expect(recipe.getByLabel("Seed")).toHaveValue("7");
  await expect(recipe.getByLabel("Power")).toBeHidden();
  await recipe.getByLabel("Schedule").selectOption("polynomial");
  await expect(recipe.getByLabel("Power")).toBeVisible();
  await expect(recipe.getByLabel("Way to train")).toHaveValue("own");
  await recipe.getByLabel("Way to train").selectOption("automatic");
  await expect(recipe.getByLabel("Learning rate", { exact: true })).toHaveValue("1e-4");
  await expect(recipe.getByText(/^Automatic: 1e-4, because the model's hidden size is/)).toBeVisible();
  await expect(recipe.getByText(/^Automatic: 20, because/)).toBeVisible();

  const embeddings = recipe.getByRole("button", { name: "Embeddings" });
  await embeddings.focus();
  await page.keyboard.press("Space");
  await expect(embeddings).toHaveAttribute("aria-pressed", "true");
  await expect(recipe.getByLabel("Frozen prefixes")).toHaveValue("embeddings.");

  await recipe.getByRole("button", { name: "Find a rate" }).click();
  await expect(page.locator("#start-blockers")).toContainText("Learning rates are being tried", { timeout: 60_000 });
  const use = recipe.getByRole("button", { name: /^Use / });
  await expect(recipe.getByRole("img", { name: /Loss against learning rate/ })).toBeVisible({ timeout: 300_000 });
  await expect(recipe.getByRole("status").filter({ hasText: /smoothed loss|No rate/i })).toBeVisible();
  if (await use.isVisible()) {
    const rate = (await use.innerText()).replace("Use ", "");
    await use.click();
    await expect(recipe.getByLabel("Learning rate", { exact: true })).toHaveValue(rate);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(recipe.getByLabel("Learning rate", { exact: true })).toHaveValue("1e-4");
  }
});
