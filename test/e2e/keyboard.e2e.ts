import { expect, test, type Page } from "@playwright/test";
import { explanations, type RecipeField } from "../../src/recipe/explanations.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Changes of the recipe, each of one field, and the keys that make them once the field's control has the focus. */
type Step = { [Field in RecipeField]: [field: Field, to: Recipe[Field], keys: string[]] }[RecipeField];

const written = (text: number | string) => ["Control+A", ...String(text), "Enter"];
const down = ["ArrowDown"];
const space = ["Space"];

/** In the page's order, but that the schedule is chosen anew before the fields that only some schedules have. */
const steps: Step[] = [
  ["learningRate", 3e-5, written("3e-5")],
  ["epochs", 2, written(2)],
  ["rowsPerStep", 8, written(8)],
  ["maxLength", 24, written(24)],
  ["start", "random", down],
  ["pooling", "cls", down],
  ["frozen", ["embeddings."], down],
  ["gradualUnfreezing", true, space],
  ["reinitializeLayers", 1, written(1)],
  ["loraRank", 4, written(4)],
  ["loraAlpha", 8, written(8)],
  ["loraDropout", 0.1, written(0.1)],
  ["loraTargets", ["value"], space],
  ["pretrainEpochs", 1, written(1)],
  ["pretrainLearningRate", 1e-4, written("1e-4")],
  ["maskShare", 0.3, written(0.3)],
  ["wholeWordMasking", true, space],
  ["warmupShare", 0.2, written(0.2)],
  ["warmupSteps", 5, written(5)],
  ["layerDecay", 0.9, written(0.9)],
  ["schedule", "cosine-restarts", [...down, ...down]],
  ["scheduleCycles", 2, written(2)],
  ["schedule", "polynomial", [...down, ...down, ...down]],
  ["schedulePower", 2, written(2)],
  ["schedule", "plateau", ["End"]],
  ["plateauPatience", 2, written(2)],
  ["plateauFactor", 0.3, written(0.3)],
  ["weightDecay", 0.02, written(0.02)],
  ["hiddenDropout", 0.2, written(0.2)],
  ["attentionDropout", 0.3, written(0.3)],
  ["classifierDropout", 0.4, written(0.4)],
  ["labelSmoothing", 0.1, written(0.1)],
  ["rDrop", 1, written(1)],
  ["l2sp", 0.01, written(0.01)],
  ["maxGradientNorm", 2, written(2)],
  ["clipping", "value", down],
  ["maxGradientValue", 0.4, written(0.4)],
  ["ewc", 1000, written(1000)],
  ["ewcRows", 100, written(100)],
  ["rehearsal", 0.1, written(0.1)],
  ["bestBy", "accuracy", down],
  ["earlyStopping", 3, written(3)],
  ["leastGain", 0.001, written(0.001)],
  ["ema", 0.9, written(0.9)],
  ["average", "last", down],
  ["averageCount", 4, written(4)],
  ["classWeights", "balanced", down],
  ["evaluationsPerEpoch", 2, written(2)],
  ["evaluationSample", 16, written(16)],
  ["validationShare", 0.3, written(0.3)],
  ["seed", 7, written(7)],
  ["memoryLimit", 2, written(2)],
  ["checkpointing", "on", down],
  ["accumulate", 2, written(2)],
  ["beta1", 0.8, written(0.8)],
  ["beta2", 0.99, written(0.99)],
  ["epsilon", 1e-6, written("1e-6")],
  ["biasCorrection", false, space],
];

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
  for (let presses = 0; presses < 150; presses++) {
    const place = await page.evaluate(placeOfFocus, wanted);
    if (place === "there") return;
    await page.keyboard.press({ before: "Tab", after: "Shift+Tab", "at its folded group": "Enter" }[place]);
  }
  throw new Error(`Tab does not come to ${wanted}.`);
}

test("every field of the recipe is reached, explained and changed by keyboard", async ({ page }) => {
  expect(new Set(steps.map(([field]) => field))).toEqual(new Set(Object.keys(explanations)));

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
  for (const [field, , keys] of steps) {
    const frame = `[data-field="${field}"]`;
    await tabTo(page, frame);
    await expect(page.locator(frame)).toContainText(explanations[field].what);
    for (const key of keys) await page.keyboard.press(key);
  }

  await tabTo(page, '[aria-label="View of the recipe"]');
  await page.keyboard.press("ArrowRight");
  const json = app.card("Recipe").getByLabel("Recipe as JSON");
  const wanted = { ...defaultRecipe, ...Object.fromEntries(steps.map(([field, to]) => [field, to])) };
  await expect.poll(async () => parseRecipe(await json.inputValue(), "The page")).toEqual(wanted);
});
