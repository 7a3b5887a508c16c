import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** A table of two classes. */
const table = (name: string, rowsPerLabel = 40) => textFile(name, csvOf(firstOfEach(rowsPerLabel)));

async function opened(page: Page): Promise<TabtunePage> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  return app;
}

async function expectBoth(app: TabtunePage, name = "messages.csv"): Promise<void> {
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await expect(app.card("Data")).toContainText(name);
  await expect(app.card("Data")).toContainText("held out");
  // Nothing stands in the way of a start: both are open, and the automatic max length keeps to the model's positions.
  await expect(app.start).toBeEnabled();
  await expect(app.page.locator("#start-blockers li")).toHaveCount(0);
  await expect(app.page.getByRole("alert")).toHaveCount(0);
}

/** Drops files of this machine onto the places of these labels, all within one task of the page. */
async function dropAtOnce(page: Page, drops: [zone: string, files: { name: string; buffer: Buffer }[]][]) {
  const sent = drops.map(([zone, files]) => {
    return { zone, files: files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") })) };
  });
  await page.evaluate((all) => {
    const events = all.map(({ zone, files }) => {
      const dataTransfer = new DataTransfer();
      for (const { name, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      const target = document.querySelector(`[role="presentation"]:has(> input[aria-label="${zone}"])`);
      if (!target) throw new Error(`There is no zone ${zone}.`);
      return { target, event: new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }) };
    });
    for (const { target, event } of events) target.dispatchEvent(event);
  }, sent);
}

// Which of them the first cards take the place of their zones between was a matter of luck.
for (const round of [1, 2, 3]) {
  test(`a checkpoint is chosen right after the table, before the cards are drawn (${round})`, async ({ page }) => {
    const app = await opened(page);
    await app.choose("Data files", [table("messages.csv")]);
    await app.choose("Model files", tinyCheckpoint());
    await expectBoth(app);
  });
}

test("a table is chosen right after the checkpoint", async ({ page }) => {
  const app = await opened(page);
  await app.choose("Model files", tinyCheckpoint());
  await app.choose("Data files", [table("messages.csv")]);
  await expectBoth(app);
});

test("a table and a checkpoint are dropped in the same instant", async ({ page }) => {
  const app = await opened(page);
  await dropAtOnce(page, [
    ["Data files", [table("messages.csv")]],
    ["Model files", tinyCheckpoint()],
  ]);
  await expectBoth(app);
});

test("a second table and a second checkpoint are chosen while the first are read", async ({ page }) => {
  const app = await opened(page);
  await dropAtOnce(page, [
    ["Data files", [table("first.csv", 700)]],
    ["Model files", tinyCheckpoint({ "config.json": "{}" })],
    ["Data files", [table("second.csv")]],
    ["Model files", tinyCheckpoint()],
  ]);
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await expect(app.card("Data")).toContainText("second.csv · 80 rows");
  // Why the first checkpoint was refused stays in sight.
  await expect(page.getByRole("alert")).toHaveCount(1);
});

test("a dialog that outlives what it was opened from still brings its file", async ({ page }) => {
  const app = await opened(page);
  const dialogOf = async (button: ReturnType<Page["getByRole"]>) => {
    const dialog = page.waitForEvent("filechooser");
    await button.click();
    return dialog;
  };
  // The first zones make way for the cards.
  const model = await dialogOf(page.getByRole("button", { name: "Choose files" }));
  await app.choose("Data files", [table("messages.csv")]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  await model.setFiles(tinyCheckpoint());
  await expectBoth(app);

  // A card folds.
  await app.unfold("Data");
  const data = await dialogOf(app.card("Data").getByText("Drop another table"));
  await app.card("Data").locator("h2 button").click();
  await expect(app.card("Data").getByText("Drop another table")).toBeHidden();
  await data.setFiles([table("other.csv", 30)]);
  await expect(app.card("Data")).toContainText("other.csv · 60 rows");

  const refusal = (name: string) =>
    page.getByRole("alert").filter({ hasText: `Nothing was done with ${name}: a run is under way.` });
  // A run begins: what comes then is refused in words.
  await app.fillRecipe({ Epochs: "500", "Max length": "24" });
  const recipe = await dialogOf(app.card("Recipe").getByRole("button", { name: "Load recipe" }));
  await app.unfold("Data");
  const late = await dialogOf(app.card("Data").getByText("Drop another table"));
  await app.start.click();
  await expect(app.bar).toContainText("Step");
  await late.setFiles([table("late.csv")]);
  await expect(refusal("late.csv")).toBeVisible();
  await recipe.setFiles([textFile("mine.json", '{ "version": 2, "epochs": 3 }')]);
  await expect(refusal("mine.json")).toBeVisible();
  const path = join(mkdtempSync(join(tmpdir(), "tabtune-late-")), "dropped.csv");
  writeFileSync(path, csvOf(firstOfEach(5)));
  await app.drop(app.bar, [path]);
  await expect(refusal("dropped.csv")).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(app.bar).toContainText(/Stopped|Finished/, { timeout: 120_000 });
  await expect(app.card("Data")).toContainText("other.csv");
});

test("files for one place are named where they are too many, and the others taken", async ({ page }) => {
  const app = await opened(page);
  await app.choose("Data files", [table("messages.csv")]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  const data = app.card("Data");
  await data.getByText("From a second file").click();
  await app.choose("Validation file", [table("first.csv", 10), table("second.csv", 10)]);
  await expect(data).toContainText("first.csv · 20 rows");
  await expect(page.getByRole("alert")).toContainText("Nothing was done with second.csv.");
});
