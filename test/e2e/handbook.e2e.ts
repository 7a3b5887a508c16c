import { expect, test } from "@playwright/test";
import { seriousFaults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("the handbook opens beside the app, and its links come back to the fields of the open tab", async ({
  page,
  context,
}) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: /^Handbook/ }).focus();
  await page.keyboard.press("Enter");
  const handbook = await opened;
  await expect(handbook.getByRole("heading", { level: 1, name: "Handbook of fine-tuning" })).toBeVisible();

  const recipe = app.card("Recipe");
  const follow = (name: string) => handbook.getByRole("main").getByRole("link", { name, exact: true }).first().click();
  await follow("Label smoothing");
  const smoothing = recipe.getByLabel("Label smoothing", { exact: true });
  await expect(smoothing).toBeFocused();
  await expect(smoothing).toBeInViewport();
  await expect(app.card("Data")).toContainText("messages");
  expect(context.pages()).toHaveLength(2);

  await smoothing.blur();
  await follow("Label smoothing");
  await expect(smoothing, "the same link once more").toBeFocused();

  await recipe.getByText("JSON", { exact: true }).click();
  await follow("LoRA alpha");
  await expect(recipe.getByLabel("LoRA rank")).toBeFocused();
  const note = recipe.getByRole("status");
  await expect(note).toHaveText("“LoRA alpha” is not shown: it has no effect with the present “LoRA rank”.");
  await recipe.getByLabel("LoRA rank").fill("8");
  await page.keyboard.press("Enter");
  await expect(note).toBeHidden();
  await expect(recipe.getByLabel("LoRA alpha")).toBeVisible();

  // A card that is folded by hand and opened again does not jump to the field of before.
  await recipe.getByRole("button", { name: /^Recipe/ }).click();
  await recipe.getByRole("button", { name: /^Recipe/ }).click();
  await expect(recipe.getByRole("button", { name: /^Recipe/ })).toBeFocused();
  expect(context.pages()).toHaveLength(2);
});

test("an address that names a field opens it on a page where nothing is open yet", async ({ page }) => {
  await page.goto("/#recipe.frozen");
  const field = new TabtunePage(page).card("Recipe").getByLabel("Frozen parameters");
  await expect(field).toBeFocused();
  await expect(page).toHaveURL(/\/$/);
});

for (const { colorScheme, width } of [
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 390 },
] as const) {
  test(`the documents have no fault of access, ${colorScheme} and ${width} px wide`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    for (const name of ["handbook", "recipes", "forgetting"]) {
      await page.goto(`/${name}.html`);
      const pictures = page.locator("img");
      await expect
        .poll(() =>
          pictures.evaluateAll((all) => all.every((image) => "naturalWidth" in image && !!image.naturalWidth)),
        )
        .toBe(true);
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}

test("the documents follow the app's own switch of light and dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("button", { name: "Switch to dark" }).click();
  await page.goto("/handbook.html");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(23, 25, 28)");
});
