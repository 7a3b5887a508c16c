import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { taggedSentences } from "./rows/tagged-sentences.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const text = "In Port Sable 🙂 the workers of Kestrel went on strike .";

test("sentences with tagged words are learned, looked into, downloaded and opened again", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("names.conll", taggedSentences(140))]);
  const data = app.card("Data");
  await expect(data).toContainText("140 rows · 327 entities of 3 types");
  await expect(data.getByLabel("Task", { exact: true })).toContainText("token classification");
  await expect(data.getByText(/has a tag for each token/).first()).toBeVisible();
  await expect(data.getByLabel("Entities per type")).toContainText("ORG");
  const firstRows = data.getByRole("region", { name: "First rows" });
  await expect(firstRows.getByRole("row").nth(1)).toContainText(/^[A-Z][\w ]+[.][A-Z][\w ]+ [(](PER|LOC|ORG)[)], /);
  await expect(firstRows).not.toContainText('["');
  await expect(data).toContainText("the same share of each type of entity");

  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Learning rate": "0.003", Epochs: "12", "Max length": "60", "Evaluations per epoch": "1" });
  await app.start.click();

  const chart = page.getByRole("region", { name: "Scores by type of entity" });
  await expect(chart.getByText("ORG").first()).toBeVisible({ timeout: 120_000 });
  const outcomes = page.getByRole("region", { name: "How entities were found" });
  await expect(outcomes.getByRole("row", { name: /^PER/ })).toBeVisible({ timeout: 120_000 });
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  // PyTorch has 0.884 on the same rows with this recipe, the mean of eight seeds, whose standard deviation is 0.027.
  expect(await app.figure("Entity F1")).toBeGreaterThanOrEqual(0.83);
  const results = await app.openTab("Results");
  const scores = results.getByRole("region", { name: "Scores of each type of entity" });
  for (const name of ["LOC", "ORG", "PER", "micro average", "weighted average"])
    await expect(scores).toContainText(name);
  await expect(results.getByRole("region", { name: "How entities were found" })).toContainText("Other words");

  const errors = await app.openTab("Errors");
  await expect(errors.getByText(/^\d+ of 28 validation texts have a wrong entity/)).toBeVisible();
  // A wrong entity is seen by the ground of its words, and read behind them.
  const fault = errors.locator('mark[data-fault="true"]').first();
  await expect(fault.locator("small")).toHaveText(/^(LOC|ORG|PER) (missed|wrong)$/);
  const ground = (element: Element) => getComputedStyle(element).backgroundColor;
  const right = errors.locator('mark[data-fault="false"]').first();
  expect(await fault.evaluate(ground)).not.toBe(await right.evaluate(ground));

  const entitiesOf = async () => {
    const trying = await app.openTab("Try it");
    await trying.getByLabel("Text", { exact: true }).fill(text);
    const answer = trying.getByRole("group", { name: "Entities" });
    await expect(answer).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
    await expect(answer.locator("mark").first()).toBeVisible();
    const rows = answer.getByRole("row");
    return rows.evaluateAll((all) => all.slice(1).map((row) => [...row.children].map((cell) => cell.textContent)));
  };
  const seen = await entitiesOf();
  expect(seen.length).toBeGreaterThan(0);
  for (const [entity, type, place] of seen) {
    expect(type).toMatch(/^(LOC|ORG|PER)$/);
    const [start, end] = (place ?? "").split("–").map(Number);
    expect(Array.from(text).slice(start, end).join("")).toBe(entity);
  }

  const zip = join(mkdtempSync(join(tmpdir(), "tabtune-entities-")), "model.zip");
  const download = await app.openTab("Download");
  const numbers = page.waitForEvent("download");
  await download.getByRole("button", { name: "metrics.csv" }).click();
  const header = readFileSync(await (await numbers).path(), "utf8").split("\n")[0];
  for (const column of ["entity F1", "precision of LOC", "F1 of PER"]) expect(header).toContain(column);
  const saved = page.waitForEvent("download");
  await download.getByRole("button", { name: /^Download the model/ }).click();
  await (await saved).saveAs(zip);
  const config = Object.entries(unzipSync(readFileSync(zip))).find(([path]) => /(^|\/)config[.]json$/.test(path))?.[1];
  expect(JSON.parse(new TextDecoder().decode(config))).toMatchObject({
    architectures: ["BertForTokenClassification"],
    label2id: { O: 0, "B-LOC": 1, "I-LOC": 2 },
  });

  await page.reload();
  await app.chooseBackend("wasm");
  await app.drop(page.getByText("Drop a checkpoint"), [zip]);
  await expect(app.card("Model")).toContainText("kept");
  expect(await entitiesOf()).toEqual(seen);
});
