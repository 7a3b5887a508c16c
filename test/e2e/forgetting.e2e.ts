import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Rows of the classes that the tiny checkpoint's own classifier tells apart, and some of another. */
function earlierCsv(): string {
  const rows = Array.from({ length: 60 }, (_, i) => `row ${i} of the earlier task,LABEL_${i % 4}`);
  return ["message,kind", ...rows].join("\n");
}

test("an earlier task's file is dropped, rehearsed and scored beside the new task", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model").getByText("its own is for LABEL_0")).toBeVisible();
  await app.fillRecipe({ Epochs: "2", "Max length": "24", "Learning rate": "0.001", Rehearsal: "0.25" });
  await app.fillRecipe({ "Evaluations per epoch": "10" });
  const data = app.card("Data");
  await expect(data.getByRole("note")).toContainText("need rows of an earlier task");
  await expect(app.start).toBeDisabled();

  const path = join(mkdtempSync(join(tmpdir(), "tabtune-earlier-")), "old.csv");
  writeFileSync(path, earlierCsv());
  await app.drop(data.getByText("Drop the earlier task’s table or text file"), [path]);
  await expect(data.getByText("Earlier task: old.csv, 45 rows")).toBeVisible();
  await expect(data).toContainText("15 rows have a label that is not among the classes");
  await expect(data.getByRole("note")).toBeHidden();
  await expect(page.getByText("scored at each evaluation, 4 of its rows in each step")).toBeVisible();
  expect(await faults(page), "the earlier task's file").toEqual([]);

  const recipe = app.card("Recipe");
  const strength = recipe.getByRole("slider", { name: "Strength of weight consolidation" });
  const number = recipe.getByLabel("Weight consolidation", { exact: true });
  await strength.focus();
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await expect(number).toHaveValue("200");
  await expect(strength).toHaveAttribute("aria-valuetext", "2e2");
  await page.keyboard.press("Home");
  await expect(number).toHaveValue("0");
  await number.fill("1e4");
  await number.press("Enter");
  await expect(strength).toHaveAttribute("aria-valuetext", "1e4");
  await app.fillRecipe({ "Rows for consolidation": "8" });

  await app.start.click();
  const chart = page.getByRole("region", { name: "Forgetting", exact: true });
  await expect(chart).toBeVisible();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  await expect(chart.getByRole("list")).toContainText(/earlier task, 9 rows\s*[01][.]\d{3}/);
  await chart.getByRole("button", { name: "Table: Forgetting" }).click();
  const table = page.getByRole("dialog");
  await expect(table.getByRole("columnheader", { name: "earlier task, 9 rows" })).toBeVisible();
  // Before, and ten times in each of two epochs, the last of which is at its end.
  const rows = table.getByRole("row");
  expect(await rows.count()).toBeGreaterThan(10);
  for (const cells of await rows.nth(1).getByRole("cell").all()) expect(await cells.innerText()).not.toBe("NaN");
  await page.keyboard.press("Escape");
  expect(await faults(page), "the forgetting meter").toEqual([]);
  const results = await app.openTab("Results");
  await expect(results.getByText(/^Earlier task: accuracy \d+.* before → \d+/)).toBeVisible();

  await app.unfold("Data");
  await data.getByRole("button", { name: "Remove the earlier task’s file" }).click();
  await page.getByRole("button", { name: "Drop them and change" }).click();
  await expect(data.getByText("Earlier task: none")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(data).toContainText("earlier task old.csv");
  await expect(page.locator("#start-blockers li")).toHaveCount(0);
});

/** Lines of words that the tiny model's tokenizer spells. */
function corpus(): string {
  return Array.from({ length: 40 }, (_, i) => `text ${i} of the kind that was read before`).join("\n");
}

test("plain texts as the earlier task are dropped, held by consolidation, and told in loss and perplexity", async ({
  page,
}) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(40)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model").getByText("its own is for LABEL_0")).toBeVisible();
  const data = app.card("Data");
  await app.fillRecipe({ Epochs: "1", "Max length": "24", "Learning rate": "0.001", "Weight consolidation": "100" });
  await app.fillRecipe({ "Rows for consolidation": "6" });
  await expect(data.getByRole("note")).toContainText("needs an earlier task");
  const path = join(mkdtempSync(join(tmpdir(), "tabtune-texts-")), "before.txt");
  writeFileSync(path, "one line");
  await app.drop(data.getByText("Drop the earlier task’s table or text file"), [path]);
  await expect(data.getByRole("alert")).toContainText("before.txt has one text alone.");
  await expect(app.start).toBeDisabled();
  await data.getByRole("button", { name: "Remove the earlier task’s file" }).click();
  writeFileSync(path, corpus());
  await app.drop(data.getByText("Drop the earlier task’s table or text file"), [path]);
  await expect(data.getByText("Earlier task: before.txt, 40 texts")).toBeVisible();
  await expect(data.getByText("32 different texts against forgetting, 8 to score")).toBeVisible();
  await expect(data).toContainText("no language-model head");
  await expect(data.getByRole("radio", { name: "Plain texts" })).toBeChecked();
  await expect(page.getByText("loss of masked words measured on its texts at each evaluation")).toBeVisible();
  await app.fillRecipe({ Rehearsal: "0.1" });
  await expect(page.locator("#start-blockers")).toContainText("Rehearsal repeats labelled rows");
  await app.fillRecipe({ Rehearsal: "0" });
  expect(await faults(page), "the earlier task's texts").toEqual([]);

  await app.start.click();
  const chart = page.getByRole("region", { name: "Forgetting", exact: true });
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  await expect(chart.getByRole("list")).toContainText(/earlier task, 8 texts \(left\)\s*\d/);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const cut = await chart.getByRole("listitem").evaluateAll((items) =>
      items
        .flatMap((item) => [...item.children])
        .filter((part) => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1)
        .map((part) => part.textContent),
    );
    expect(cut, `names that are cut where the page is ${width} pixels wide`).toEqual([]);
  }
  await chart.getByText("Perplexity").click();
  await chart.getByRole("button", { name: "Table: Forgetting" }).click();
  const cell = page.getByRole("dialog").getByRole("row").nth(1).getByRole("cell").nth(3);
  // A new head knows nothing of the 997 words.
  expect(Number((await cell.innerText()).replaceAll(",", ""))).toBeGreaterThan(300);
  await page.keyboard.press("Escape");
  expect(await faults(page), "the forgetting meter of texts").toEqual([]);
  const results = await app.openTab("Results");
  await expect(results.getByText(/^Earlier task: loss of masked words [\d.]+ before → /)).toBeVisible();

  await app.unfold("Data");
  await data.getByRole("button", { name: "Remove the earlier task’s file" }).click();
  await page.getByRole("button", { name: "Drop them and change" }).click();
  await expect(data.getByText("Earlier task: none")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(data).toContainText("earlier task before.txt");
  await expect(page.locator("#start-blockers li")).toHaveCount(0);
});
