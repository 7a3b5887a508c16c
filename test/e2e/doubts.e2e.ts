import { join } from "node:path";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { encodings } from "../../src/app/setup/format-words.ts";
import { zipStream } from "../../src/io/zip-out.ts";
import { textFile, tinyCheckpoint, type PageFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const brought = (path: string) => join(import.meta.dirname, "../cases/brought", path);

/** A page with a table and a model, its Data card folded. */
async function folded(page: Page, table: PageFile | string): Promise<{ app: TabtunePage; data: Locator }> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await (typeof table === "string" ? app.choose("Data files", [table]) : app.choose("Data files", [table]));
  const data = app.card("Data");
  await expect(data).toContainText(" rows · ");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  // A card that keeps a run from starting stays open.
  const toggle = data.locator("h2 button");
  if ((await toggle.getAttribute("aria-expanded")) === "true") await toggle.click();
  await expect(toggle).toHaveAttribute("aria-expanded", "false");
  return { app, data };
}

const cyrillic = encodings.find(({ value }) => value === "windows-1251")?.label ?? "";
const sentences = Array.from({ length: 30 }, (_, i) => `the soup number ${i} was ${i % 2 === 0 ? "bad" : "good"}`);
const rowsOf = (labelOf: (row: number) => string) =>
  ["text,label", ...sentences.map((sentence, i) => `${sentence},${labelOf(i)}`), ""].join("\n");

test("what was detected is in sight without opening anything", async ({ page }) => {
  const { app, data } = await folded(page, brought("encoding-gbk/data.csv"));
  await expect(data.locator("h2")).toContainText("GBK, comma, header · text → label · single-label");
  for (const [file, line] of [
    ["encoding-cp1251/data.csv", "Windows-1251, comma, header · text → label"],
    ["quotes-swallow-pipe/data.csv", "UTF-8, bar |, header"],
    ["jsonl-read-as-csv/data.jsonl", "JSON Lines, UTF-8 · text → label"],
  ] as const) {
    await test.step(file, async () => {
      await app.unfold("Data");
      await app.choose("Data files", [brought(file)]);
      await expect(data.locator("h2")).toContainText(line);
      await data.locator("h2 button").click();
      await expect(data.getByRole("group", { name: "Doubtful" })).toHaveCount(0);
    });
  }
});

test("an encoding that is a guess is marked, and another is taken at one press", async ({ page }) => {
  const bytes = Buffer.from(
    rowsOf((i) => (i % 2 === 0 ? "neg" : "pos")).replace("number 3 ", "\xcf\xf0\xe8 "),
    "latin1",
  );
  const { data } = await folded(page, { name: "guess.csv", mimeType: "text/csv", buffer: bytes });
  const doubts = data.getByRole("group", { name: "Doubtful" });
  await expect(data.locator("h2")).toContainText("(uncertain)");
  await doubts.getByLabel("Encoding").selectOption({ label: cyrillic });
  await expect(data.locator("h2")).toContainText("Windows-1251, comma, header");
  await expect(doubts).toHaveCount(0);
  await data.locator("h2 button").click();
  await expect(data.getByRole("cell", { name: "the soup При was good" })).toBeVisible();
});

test("labels that look alike are merged, and words for a missing value dropped, at one press each", async ({
  page,
}) => {
  const labels = ["Pos", "neg", "pos", "Neg", "N/A"];
  const { data } = await folded(
    page,
    textFile(
      "mess.csv",
      rowsOf((i) => labels[i % 5] ?? ""),
    ),
  );
  const doubts = data.getByRole("group", { name: "Doubtful" });
  await expect(data.locator("h2")).toContainText("30 rows · 5 classes");
  await expect(doubts).toContainText(/written in more than one way.*word for a missing value/s);
  await doubts.getByRole("button", { name: /[Mm]erge/ }).click();
  await expect(data.locator("h2")).toContainText("30 rows · N/A 20");
  await doubts.getByRole("button", { name: /missing/ }).click();
  await expect(data.locator("h2")).toContainText("24 rows · Pos 50");
  await expect(doubts).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(data.locator("h2")).toContainText("30 rows · N/A 20");
});

test("tags of words are a task that can start, and become classes by the choice of the task", async ({ page }) => {
  const tags = (i: number) => (i % 2 === 0 ? "O O O O O O" : "O B-FOOD O O O O");
  const { app, data } = await folded(page, textFile("words.csv", rowsOf(tags).replace("text,label", "text,tags")));
  await app.fillRecipe({ "Max length": "32" });
  await expect(data.locator("h2")).toContainText("text → tags · token classification");
  await expect(app.start).toBeEnabled();
  await app.unfold("Data");
  await data.getByLabel("Task", { exact: true }).selectOption("single-label");
  await expect(data.locator("h2")).toContainText("text → tags · single-label");
  await expect(app.start).toBeEnabled();
});

test("numbers are a regression that can start, and become classes by the choice of the task", async ({ page }) => {
  const score = (i: number) => `${((i * 7) % 23) + 0.5}`;
  const { app, data } = await folded(page, textFile("scores.csv", rowsOf(score).replace("text,label", "text,score")));
  await app.fillRecipe({ "Max length": "32" });
  await expect(data.locator("h2")).toContainText("text → score · regression");
  await expect(app.start).toBeEnabled();
  await app.unfold("Data");
  await expect(data.getByText('The column "score" has 23 different numbers from 0.5 to 22.5')).toBeVisible();
  await data.getByLabel("Task", { exact: true }).selectOption("single-label");
  await expect(data.locator("h2")).toContainText("23 classes");
  await expect(data.locator("h2")).toContainText("text → score · single-label");
  await expect(data.getByText("The task was chosen by hand.")).toBeVisible();
  await expect(app.start).toBeEnabled();
});

test("texts and labels that are dropped together are one table, and a zip of a table is one", async ({ page }) => {
  const zip = zipStream([{ name: "rows.csv", input: rowsOf((i) => (i % 2 === 0 ? "bad" : "good")) }]);
  const buffer = Buffer.from(await new Response(zip).arrayBuffer());
  const { app, data } = await folded(page, { name: "rows.zip", mimeType: "application/zip", buffer });
  await expect(data.locator("h2")).toContainText("rows.zip · 30 rows · bad 50");
  await app.unfold("Data");
  await app.choose("Data files", [
    textFile("train_labels.txt", sentences.map((_, i) => `${i % 2}`).join("\n")),
    textFile("train_text.txt", sentences.join("\n")),
    textFile("mapping.txt", "0\tbad\n1\tgood\n"),
  ]);
  await expect(data.locator("h2")).toContainText("train_text.txt · 30 rows · bad 50");
  await expect(data.locator("h2")).toContainText("parallel files");
});
