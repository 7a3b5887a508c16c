import { expect, test, type Page } from "@playwright/test";
import { fieldNames, fields } from "../../src/recipe/fields.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { recipeSteps } from "./recipe-steps.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Where the focus is, seen from what is looked for. */
function placeOfFocus(wanted: string): "there" | "before" | "after" | "at its folded group" {
  const target = document.querySelector(wanted);
  const focused = document.activeElement;
  if (!target || !focused) throw new Error(`There is no ${wanted}.`);
  if (target.contains(focused) && focused.matches("input, select, textarea")) return "there";
  if (focused.matches("summary") && target.closest("details:not([open])") === focused.parentElement) {
    return "at its folded group";
  }
  return target.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING ? "after" : "before";
}

/** Goes with Tab or Shift+Tab to a control within what is looked for, and unfolds its group on the way. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  // Another task or seed splits the rows in a worker first, and the fields that go with it are drawn after that.
  await page.locator(wanted).waitFor({ state: "attached" });
  for (let presses = 0; presses < 150; presses++) {
    const place = await page.evaluate(placeOfFocus, wanted);
    if (place === "there") return;
    await page.keyboard.press({ before: "Tab", after: "Shift+Tab", "at its folded group": "Enter" }[place]);
  }
  throw new Error(`Tab does not come to ${wanted}.`);
}

test("every field of the recipe is reached, explained and changed by keyboard", async ({ page }) => {
  const { steps, recipe } = recipeSteps();
  expect(new Set(steps.map(({ field }) => field))).toEqual(new Set(fieldNames));
  // All but the schedule and others that are changed back for a field that needs it.
  const changed = fieldNames.filter((name) => JSON.stringify(recipe[name]) !== JSON.stringify(defaultRecipe[name]));
  expect(changed.length).toBeGreaterThan(fieldNames.length - 3);

  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model").getByText("new, made at the start")).toBeVisible();

  const toggle = app.card("Recipe").locator("h2 button");
  await toggle.focus();
  if ((await toggle.getAttribute("aria-expanded")) === "false") await page.keyboard.press("Enter");
  for (const { field, keys } of steps) {
    const frame = `[data-field="${field}"]`;
    await tabTo(page, frame);
    await expect(page.locator(frame)).toContainText(fields[field].what);
    for (const key of keys) await page.keyboard.press(key);
  }

  await tabTo(page, '[aria-label="View of the recipe"]');
  await page.keyboard.press("ArrowRight");
  const json = app.card("Recipe").getByLabel("Recipe as JSON");
  await expect.poll(async () => parseRecipe(await json.inputValue(), "The page")).toEqual(recipe);
});
