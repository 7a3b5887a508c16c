import { expect, test, type Locator, type Page } from "@playwright/test";
import { fields } from "../../src/recipe/fields.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

async function opened(page: Page): Promise<TabtunePage> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("good.csv", csvOf(firstOfEach(40)))]);
  await expect(app.card("Data")).toContainText("good.csv · 80 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Max length": "32", Epochs: "2", "Learning rate": "3e-4" });
  await expect(app.start).toBeEnabled();
  return app;
}

async function trained(page: Page): Promise<TabtunePage> {
  const app = await opened(page);
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  return app;
}

test("a wrong or empty field blocks Start in its own words, keeps what was typed, and is led to", async ({ page }) => {
  const app = await opened(page);
  const recipe = app.card("Recipe");
  const blockers = page.locator("#start-blockers");
  const wrong: [label: string, typed: string, says: RegExp, right: string][] = [
    ["Learning rate", "-1", /Learning rate: enter a number above 0, for example 2e-5/, "1e-4"],
    ["Epochs", "", /Epochs: enter a number above 0/, "1"],
    ["Max length", "long", /: enter a whole number of tokens from 3/, "24"],
    [fields.validationShare.label, "20", /Held out: enter a share from 0 to 0[.]9; write 20 % as 0[.]2/, "0.2"],
    [fields.warmupSteps.label, "99999", /99,999 is more than the \d+ steps of this run/, ""],
    [fields.reinitializeLayers.label, "7", /7 is more than the 2 layers of this model/, "0"],
    ["Frozen prefixes", "foo.", /no parameter of this model begins with “foo[.]”/, ""],
  ];
  for (const [label, typed, says, right] of wrong) {
    await test.step(label, async () => {
      // Groups of fields are folded again when their card was.
      const groups = recipe.locator("details:not([open]) > summary");
      while ((await groups.count()) > 0) await groups.first().click();
      const field = recipe.getByLabel(label, { exact: true });
      await field.fill(typed);
      await field.blur();
      await expect(blockers).toContainText(says);
      await expect(app.start).toBeDisabled();
      await expect(field).toHaveAttribute("aria-invalid", "true");
      // A folded card keeps what was typed, and a press on the reason leads back to it.
      await recipe.locator("h2 button").click();
      await expect(field).toHaveCount(0);
      await blockers.getByRole("button", { name: "Recipe" }).click();
      await expect(field).toBeFocused();
      await expect(field).toHaveValue(typed);
      await field.fill(right);
      await field.blur();
      await expect(blockers.getByRole("listitem")).toHaveCount(0);
      await expect(app.start).toBeEnabled();
    });
  }
  await recipe.getByLabel("Learning rate", { exact: true }).fill("1000");
  await recipe.getByLabel("Learning rate", { exact: true }).blur();
  await expect(page.locator("#start-warnings")).toContainText(/1000 is far above the usual/);
  await expect(app.start).toBeEnabled();
});

test("roles, a missing validation file and a broken recipe are answered where they stand", async ({ page }) => {
  const app = await opened(page);
  const data = await app.unfold("Data");
  await data.getByLabel("Label", { exact: true }).selectOption("text");
  await expect(page.locator("#start-blockers")).toContainText("Text and label are the same column, “text”");
  await expect(app.start).toBeDisabled();
  await data.getByLabel("Label", { exact: true }).selectOption("label");
  await expect(app.start).toBeEnabled();

  await data.getByText("From a second file").click();
  await expect(page.locator("#start-blockers")).toContainText("second file, but none is open");
  await expect(app.start).toBeDisabled();
  await data.getByText("Split off a share", { exact: true }).click();
  await expect(app.start).toBeEnabled();

  const recipe = await app.unfold("Recipe");
  const dialog = page.waitForEvent("filechooser");
  await recipe.getByRole("button", { name: "Load recipe" }).click();
  await (await dialog).setFiles([textFile("mine.json", '{ "learningRate": -1 }')]);
  const answer = recipe.getByRole("alert");
  await expect(answer).toContainText("Nothing was loaded. mine.json: “learningRate” is -1");
  await expect(answer).toBeInViewport();
  await expect(recipe).toContainText("Rate 3e-4");
});

test("a trained model outlives what cannot be opened or started, and is asked about only then", async ({ page }) => {
  const app = await trained(page);
  const question = page.getByRole("dialog");
  const results = page.getByRole("tab", { name: "Results" });
  const stays = async (card: Locator) => {
    await expect(card.getByRole("alert")).toBeVisible();
    await expect(question).toHaveCount(0);
    await expect(results).toBeEnabled();
    await card.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  };
  const data = await app.unfold("Data");
  await app.choose("Data files", [textFile("empty.csv", "")]);
  await stays(data);
  const model = await app.unfold("Model");
  await app.choose("Model files", tinyCheckpoint({ "config.json": "{" }));
  await stays(model);
  await app.choose("Data files", [textFile("other.csv", csvOf(firstOfEach(20)))]);
  await expect(question).toContainText("has not been downloaded");
  await expect(data).toContainText("good.csv · 80 rows");
  await question.getByRole("button", { name: "Keep them" }).click();
  await expect(results).toBeEnabled();
  expect(await app.figure("Rows")).toBe(16);

  await app.openTab("Training");
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(question).toContainText(/Starting again drops the weights trained on good[.]csv/);
  const download = page.waitForEvent("download");
  await question.getByRole("button", { name: "Download first" }).click();
  expect((await download).suggestedFilename()).toMatch(/[.]zip$/);
  await expect(question).toContainText("was saved to your downloads");
  await question.getByRole("button", { name: "Drop them and start" }).click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
});

test("focus follows a chosen file and Start, and Start stays in reach", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  const isIn = (card: "Data" | "Model") => expect(app.card(card).locator("h2 button")).toBeFocused();
  await app.choose("Data files", [textFile("good.csv", csvOf(firstOfEach(40)))]);
  await expect(app.card("Data")).toContainText("good.csv · 80 rows");
  await isIn("Data");
  await app.card("Model").getByRole("button", { name: "Choose files" }).focus();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await isIn("Model");
  await app.fillRecipe({ "Max length": "32", Epochs: "200" });
  await app.card("Recipe").getByLabel("Epsilon", { exact: true }).focus();
  await expect(app.start).toBeInViewport({ ratio: 1 });

  await page.setViewportSize({ width: 390, height: 844 });
  await app.card("Recipe").getByLabel("Epsilon", { exact: true }).scrollIntoViewIfNeeded();
  await expect(app.start).toBeInViewport({ ratio: 1 });
  await app.start.click();
  await expect(app.bar).toBeInViewport();
  await expect(app.bar).toBeFocused();
  // The baseline comes before the first step.
  await app.reach(1, 120_000);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(app.bar).toContainText(/Stopped at step/, { timeout: 60_000 });
  await expect(app.bar).toBeFocused();
});

for (const [name, least, options] of [
  ["a mouse", 24, {}],
  ["a finger", 44, { hasTouch: true, isMobile: true }],
] as const) {
  test.describe(`with ${name}`, () => {
    test.use({ viewport: { width: 390, height: 844 }, ...options });
    test(`targets have at least ${least} px`, async ({ page }) => {
      const app = await opened(page);
      await app.unfold("Data");
      await app.unfold("Model");
      const small = await page
        .locator("button:visible, summary:visible, select:visible, [role=tab]:visible")
        .evaluateAll((elements, size) => {
          const boxes = elements.map((element) => ({ element, box: element.getBoundingClientRect() }));
          const fails = boxes.filter(({ box }) => box.height < size - 0.5 || box.width < size - 0.5);
          return fails.map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${box.width} × ${box.height}`);
        }, least);
      expect(small).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });
}
