import { join } from "node:path";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint, tinyConfig, tinyWeights, type PageFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** What is dropped, and the three sentences of the error. */
interface Case {
  name: string;
  files: PageFile[];
  found: RegExp;
  /** Not stated where it is obvious. */
  expected?: RegExp;
  remedy: RegExp;
}

const garbage = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 7 + i * 31) % 256));

const badTables: Case[] = [
  {
    name: "an empty file",
    files: [textFile("empty.csv", "")],
    found: /^empty[.]csv is empty/,
    expected: /a text column, a label column/,
    remedy: /Check that the right file was chosen/,
  },
  {
    name: "a header without rows",
    files: [textFile("header.csv", "label,text\n")],
    found: /^header[.]csv/,
    expected: /some rows was expected/,
    remedy: /Check that/,
  },
  {
    name: "bytes that are no text",
    files: [{ name: "garbage.csv", mimeType: "text/csv", buffer: garbage }],
    found: /^garbage[.]csv/,
    expected: /expected/,
    remedy: /Check that the right file|CSV/,
  },
];

const lfsPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 133466304\n";

const badCheckpoints: Case[] = [
  {
    name: "a checkpoint without config.json",
    files: tinyCheckpoint({ "config.json": null }),
    found: /^There is no config[.]json among/,
    expected: /config[.]json, model[.]safetensors and tokenizer[.]json/,
    remedy: /Drop the whole folder/,
  },
  {
    name: "a checkpoint without a tokenizer",
    files: tinyCheckpoint({ "tokenizer.json": null }),
    found: /^There is no tokenizer[.]json/,
    expected: /says how text becomes tokens/,
    remedy: /AutoTokenizer/,
  },
  {
    name: "another architecture",
    files: tinyCheckpoint({ "config.json": tinyConfig({ model_type: "longformer" }) }),
    found: /type “longformer”/,
    expected: /type “bert”/,
    remedy:
      /Choose a checkpoint of one of these, e[.]g[.] bert-base-uncased, distilbert-base-uncased, .*ModernBERT-base[.]/,
  },
  {
    name: "weights that break off",
    files: tinyCheckpoint({ "model.safetensors": tinyWeights().subarray(0, 100_000) }),
    found: /^model[.]safetensors is not a sound safetensors file/,
    expected: /complete model[.]safetensors/,
    remedy: /in full/,
  },
  {
    name: "a pointer in place of the weights",
    files: tinyCheckpoint({ "model.safetensors": lfsPointer }),
    found: /^model[.]safetensors is a Git LFS pointer/,
    remedy: /git lfs pull/,
  },
  {
    name: "weights as a pickle",
    files: tinyCheckpoint({ "model.safetensors": null, "pytorch_model.bin": "PK" }),
    found: /pytorch_model[.]bin/,
    expected: /safetensors/,
    remedy: /BertForSequenceClassification/,
  },
  {
    name: "weights of another framework",
    files: tinyCheckpoint({ "model.safetensors": null, "tf_model.h5": "x" }),
    found: /tf_model[.]h5/,
    expected: /safetensors/,
    remedy: /save_pretrained|safetensors/,
  },
];

async function opened(page: Page): Promise<TabtunePage> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("good.csv", csvOf(firstOfEach(20)))]);
  await expect(app.card("Data")).toContainText("good.csv · 40 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await expect(app.start).toBeEnabled();
  // The tiny model has 64 positions, which the card that it concerns says of a max length that was set by hand.
  await app.fillRecipe({ "Max length": "128" });
  await expect(app.card("Recipe").getByRole("note")).toContainText(/Max length is 128 tokens.*64 positions/);
  await expect(app.start).toBeDisabled();
  await app.fillRecipe({ "Max length": "32" });
  await expect(app.start).toBeEnabled();
  return app;
}

async function expectError(card: Locator, { found, expected, remedy }: Case): Promise<void> {
  const alert = card.getByRole("alert");
  await expect(alert).toHaveCount(1);
  if (expected) await expect(alert).toContainText(expected);
  await expect(alert).toContainText(remedy);
  expect((await alert.innerText()).trim()).toMatch(found);
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await expect(alert).toHaveCount(0);
}

test("a table that cannot be read is explained in the data card, and the table before stays", async ({ page }) => {
  const app = await opened(page);
  await app.unfold("Data");
  for (const bad of badTables) {
    await test.step(bad.name, async () => {
      await app.choose("Data files", bad.files);
      await expectError(app.card("Data"), bad);
      await expect(app.card("Data")).toContainText("good.csv · 40 rows · ham 50");
      await expect(app.card("Model")).toContainText("2 layers of 64");
      await expect(app.start).toBeEnabled();
    });
  }
});

test("a table that cannot be learned from blocks the start in the data card, and undo brings back", async ({
  page,
}) => {
  const app = await opened(page);
  const card = app.card("Data");
  await app.unfold("Data");
  const oneClass = textFile("ham.csv", csvOf(firstOfEach(20).filter(({ label }) => label === "ham")));
  await app.choose("Data files", [oneClass]);
  await expect(card.getByRole("note")).toContainText(/All 20 rows have the same label, "ham".*Choose another label/);
  await expect(app.start).toBeDisabled();
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await card.getByLabel("Label", { exact: true }).selectOption("text");
  await expect(card.getByRole("note")).not.toContainText("All 20 rows");
  await expect(app.start).toBeDisabled();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card.getByRole("note")).toContainText("All 20 rows");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toContainText("good.csv · 40 rows");
  await expect(app.start).toBeEnabled();

  const numbers = Array.from({ length: 30 }, (_, i) => `${i},${i * i}`).join("\n");
  await app.choose("Data files", [textFile("numbers.csv", `a,b\n${numbers}\n`)]);
  await expect(card).toContainText("numbers.csv · 30 rows");
  await expect(card.getByRole("note")).toContainText(/Choose the text and the label column/);
  await expect(app.start).toBeDisabled();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(app.start).toBeEnabled();
});

test("a checkpoint that cannot be used is explained in the model card, and the one before stays", async ({ page }) => {
  const app = await opened(page);
  await app.unfold("Model");
  for (const bad of badCheckpoints) {
    await test.step(bad.name, async () => {
      await app.choose("Model files", bad.files);
      await expectError(app.card("Model"), bad);
      await expect(app.card("Model")).toContainText("2 layers of 64");
      await expect(app.card("Data")).toContainText("good.csv · 40 rows");
      await expect(app.start).toBeEnabled();
    });
  }
});

test("what a checkpoint was made for is said, and it can be tried", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  for (const [folder, says, answers] of [
    ["ckpt-token-classifier", /token|word/i, "table"],
    ["ckpt-multi-label", /multi-label|several labels/i, "ul"],
  ] as const) {
    const files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
    const of = (file: string) => join(import.meta.dirname, "../cases/brought", folder, "model", file);
    if (await app.card("Model").isVisible()) await app.unfold("Model");
    await app.choose("Model files", files.map(of));
    const model = await app.unfold("Model");
    await expect(model).toContainText(says);
    const panel = await app.openTab("Try it");
    await panel.getByLabel("Text", { exact: true }).fill("They met in Berlin");
    await expect(panel.locator(answers).last()).toContainText(/[\d.]+\s%/);
  }
});

test("files that nothing reads are named, wherever they were dropped", async ({ page }) => {
  await page.goto("/");
  const app = new TabtunePage(page);
  await app.choose("Data files", [textFile("letter.docx", "x")]);
  await expect(page.getByRole("alert")).toContainText(
    /Nothing was done with letter[.]docx.*expected.*Save spreadsheets/s,
  );
  await expect(page.getByRole("button", { name: "Try it with a sample" })).toBeVisible();
});
