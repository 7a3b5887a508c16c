import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type BrowserContext } from "@playwright/test";
import { unzipSync } from "fflate";
import { bytesSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { csvOf, messages, starterFolder } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const texts = [
  "You have WON a guaranteed prize! Call 09061701461 now to claim",
  "Ok, see you at home around eight then",
  "free entry in a weekly competition, text WIN to 80086",
  "naïve café, 你好 and 🙂",
  "x",
];

test.describe.configure({ mode: "serial" });

test.describe("a run on WebGPU with the starter model", () => {
  const folder = mkdtempSync(join(tmpdir(), "tabtune-webgpu-"));
  const zip = join(folder, "model.zip");
  const origins = new Set<string>();
  const seen: Record<string, number>[] = [];
  let context: BrowserContext;
  let app: TabtunePage;

  test.beforeAll(async ({ browser }) => {
    writeFileSync(join(folder, "messages.csv"), csvOf(messages().slice(0, 300)));
    context = await browser.newContext({ serviceWorkers: "block" });
    context.on("request", (request) => origins.add(new URL(request.url()).origin));
    app = new TabtunePage(await context.newPage());
    await app.page.goto("/");
  });

  test.afterAll(async () => {
    await context.close();
  });

  test("takes a dropped CSV and a dropped checkpoint folder", async () => {
    await app.chooseBackend("webgpu");
    await expect(app.page.getByRole("status").filter({ hasText: "WebGPU ·" })).toContainText("Chosen by hand");
    await app.drop(app.page.getByText("Drop a table of texts and labels"), [join(folder, "messages.csv")]);
    await expect(app.card("Data")).toContainText("300 rows");
    await expect(app.card("Data").getByRole("region", { name: "First rows" })).toContainText("Ok lar... Joking wif");
    await app.drop(app.card("Model").getByText("Drop a checkpoint"), [starterFolder]);
    await expect(app.card("Model")).toContainText("6 layers of 384 · 22.7");
    await expect(app.card("Model").getByText("new, made at the start")).toBeVisible();
    await app.unfold("Data");
    await expect(app.card("Data").getByText(/Length in tokens/)).toBeVisible();
  });

  test("trains 20 steps in sight: loss, charts and class scores move, and it pauses", async () => {
    test.setTimeout(1_500_000);
    await app.fillRecipe({
      "Learning rate": "2e-4",
      Epochs: "1",
      "Batch size (rows per step)": "4",
      "Max length": "16",
      "Held out": "0.1",
      "Evaluations per epoch": "10",
      "Evaluation sample": "20",
    });
    // From a probe the losses would begin where they end.
    await app.card("Recipe").getByLabel("Head starts", { exact: true }).selectOption("random");
    await app.start.click();
    await app.reach(3, 500_000);
    const loss = app.page.getByRole("region", { name: "Loss", exact: true });
    const scores = app.page.getByRole("region", { name: "Class scores", exact: true });
    const lines = await loss.locator("svg.recharts-surface").first().innerHTML();
    const values = await scores.getByRole("list").first().innerText();
    expect(values).toMatch(/ham\s+[01][.]\d{3}\s+spam\s+[01][.]\d{3}/);
    const from = Date.now();
    await app.reach(5, 400_000);
    const twoSteps = Date.now() - from;
    expect(await loss.locator("svg.recharts-surface").first().innerHTML()).not.toBe(lines);

    await app.page.getByRole("button", { name: "Pause" }).click();
    await expect(app.bar.getByRole("status").first()).toHaveText("Paused");
    const paused = await app.step();
    await app.page.waitForTimeout(twoSteps);
    expect(await app.step()).toBe(paused);
    await app.page.getByRole("button", { name: "Resume" }).click();
    await app.reach(paused + 1, 400_000);

    await app.reach(20, 900_000);
    await expect.poll(() => scores.getByRole("list").first().innerText()).not.toBe(values);
    expect(await app.page.title()).toMatch(/^\d+\s%.*loss/);
  });

  test("stops, and keeps what it learned: results, errors, probabilities", async () => {
    await app.page.getByRole("button", { name: "Stop" }).click();
    await expect(app.bar).toContainText(/Stopped at step \d+. Best: step \d+/, { timeout: 120_000 });
    expect(await app.figure("Accuracy")).toBeGreaterThan(50);
    expect(await app.figure("Rows")).toBe(30);
    const errors = await app.openTab("Errors");
    await expect(errors.getByText(/^\d+ of 30 validation rows are misclassified/)).toBeVisible();
    for (const text of texts) seen.push(await app.tryText(text));
    expect(new Set(seen.map(({ spam }) => spam)).size).toBe(texts.length);
    for (const { ham = 0, spam = 0 } of seen) expect(ham + spam).toBeCloseTo(1, 5);
  });

  test("downloads a folder whose weights, classes and losses are those of the run", async () => {
    const panel = await app.openTab("Download");
    const saved = app.page.waitForEvent("download");
    await panel.getByRole("button", { name: /^Download the model/ }).click();
    await (await saved).saveAs(zip);
    await expect(panel.getByText(/was saved to your downloads/)).toBeVisible();

    const files = unzipSync(readFileSync(zip));
    const named = (name: string) => {
      const path = Object.keys(files).find((path) => path.endsWith(`/${name}`) || path === name);
      const bytes = path === undefined ? undefined : files[path];
      if (!bytes) throw new Error(`There is no ${name} in ${Object.keys(files).join(", ")}.`);
      return new Uint8Array(bytes);
    };
    const text = (name: string) => new TextDecoder().decode(named(name));
    expect(JSON.parse(text("config.json"))).toMatchObject({
      architectures: ["BertForSequenceClassification"],
      id2label: { 0: "ham", 1: "spam" },
      label2id: { ham: 0, spam: 1 },
      problem_type: "single_label_classification",
    });
    for (const name of ["tokenizer.json", "tokenizer_config.json", "README.md", "recipe.json"]) {
      expect(text(name).length).toBeGreaterThan(10);
    }
    expect(text("predictions.csv").trim().split("\n").length).toBeGreaterThan(30);

    const weights = await openSafetensors(bytesSource("model.safetensors", named("model.safetensors")));
    expect(weights.metadata.get("format")).toBe("pt");
    expect(weights.tensors.get("classifier.weight")).toMatchObject({ dtype: "F32", shape: [2, 384] });
    const word = await readTensor(weights, "bert.embeddings.word_embeddings.weight");
    expect(word.length).toBe(30522 * 384);
    expect(word.every(Number.isFinite)).toBe(true);

    const losses = text("metrics.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TrainEvent)
      .flatMap((event) => (event.type === "step" ? [event.loss] : []));
    expect(losses.length).toBeGreaterThanOrEqual(20);
    const mean = (some: number[]) => some.reduce((sum, loss) => sum + loss, 0) / some.length;
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));
  });

  test("opens that zip in a fresh page, keeps its classifier and predicts the same", async ({ browser }) => {
    const fresh = await browser.newContext({ serviceWorkers: "block" });
    try {
      fresh.on("request", (request) => origins.add(new URL(request.url()).origin));
      const other = new TabtunePage(await fresh.newPage());
      await other.page.goto("/");
      await other.chooseBackend("webgpu");
      await other.drop(other.page.getByText("Drop a checkpoint"), [zip]);
      await expect(other.card("Model").getByText("kept: ham, spam")).toBeVisible();
      for (const [index, text] of texts.entries()) {
        const again = await other.tryText(text);
        expect(Object.keys(again).sort()).toEqual(["ham", "spam"]);
        expect(Math.abs((again["spam"] ?? 2) - (seen[index]?.["spam"] ?? -2))).toBeLessThan(1e-4);
      }
    } finally {
      await fresh.close();
    }
  });

  test("asked no origin but its own", ({ baseURL }) => {
    expect([...origins].filter((origin) => origin !== "null")).toEqual([new URL(baseURL ?? "").origin]);
  });
});
