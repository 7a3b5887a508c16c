import { expect, test, type Page } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";
import { beforeTrainWorker, losableGpu, trainWorker } from "./train-worker.ts";

/** The page with 80 messages (64 to train, 16 to validate) and the tiny model. */
async function opened(page: Page, backend: "wasm" | "webgpu", fields: Record<string, string>): Promise<TabtunePage> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend(backend);
  await app.choose("Data files", [textFile("good.csv", csvOf(firstOfEach(40)))]);
  await expect(app.card("Data")).toContainText("good.csv · 80 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Max length": "32", ...fields });
  await expect(app.start).toBeEnabled();
  return app;
}

/** After a run that failed: its error stands there once, every tab works on the best weights, and leaving asks. */
async function worksOnBestWeights(page: Page, app: TabtunePage, problem: RegExp): Promise<void> {
  const said = page.getByRole("alert").filter({ hasText: problem });
  await expect(said).toHaveCount(1, { timeout: 120_000 });
  expect(await app.figure("Rows")).toBe(16);
  await app.openTab("Errors");
  await expect(page.getByRole("tabpanel", { name: "Errors" })).toContainText(/of 16|No row|All 16|wrong/);
  const probabilities = await app.tryText("You have won a prize, call now");
  expect((probabilities["ham"] ?? 0) + (probabilities["spam"] ?? 0)).toBeCloseTo(1, 3);

  await app.unfold("Data");
  await app.choose("Data files", [textFile("other.csv", csvOf(firstOfEach(20)))]);
  const question = page.getByRole("dialog");
  await expect(question).toContainText("has not been downloaded");
  await question.getByRole("button", { name: "Keep them" }).click();
  await expect(app.card("Data")).toContainText("good.csv · 80 rows");
  const leaving = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const asked = await leaving;
  expect(asked.type()).toBe("beforeunload");
  await asked.dismiss();

  const panel = await app.openTab("Download");
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: /^Download/ }).click();
  expect((await download).suggestedFilename()).toMatch(/[.]zip$/);
}

test("a run that diverges leaves its best weights, to look at, to try and to download", async ({ page }) => {
  // Weight decay far beyond 1 / rate makes the weights grow with each step, until they overflow in the second epoch.
  const fields = { "Learning rate": "1", "Weight decay": "30", Epochs: "9", "Warm-up share": "0" };
  const app = await opened(page, "wasm", fields);
  await app.start.click();
  await worksOnBestWeights(page, app, /diverged/);
});

test("an error in the training worker leaves the best weights too", async ({ page }) => {
  const app = await opened(page, "wasm", { Epochs: "500", "Learning rate": "3e-4" });
  await app.start.click();
  await app.reach(9, 60_000);
  await trainWorker(page).evaluate(() => {
    setTimeout(() => {
      throw new Error("out of memory");
    });
  });
  await worksOnBestWeights(page, app, /background worker of this page stopped/);
});

test("a lost GPU leaves the best weights, which go on to work on the processor", async ({ page }) => {
  await beforeTrainWorker(page, losableGpu);
  const app = await opened(page, "webgpu", { Epochs: "500", "Learning rate": "3e-4" });
  await app.start.click();
  await app.reach(9, 240_000);
  await trainWorker(page).evaluate("loseGpu()");
  await worksOnBestWeights(page, app, /The GPU was lost/);
  await expect(page.getByRole("status").filter({ hasText: /^Processor · SIMD/ })).toBeVisible();
});

test("a backend that does not start leaves the one before chosen, and it trains", async ({ page }) => {
  await beforeTrainWorker(page, "navigator.gpu.requestAdapter = () => Promise.resolve(null);");
  const app = await opened(page, "wasm", { Epochs: "1" });
  const choice = page.getByLabel("Backend", { exact: true });
  await choice.selectOption("webgpu");
  await expect(page.getByRole("alert")).toContainText("No WebGPU adapter was found");
  await expect(choice).toHaveValue("wasm");
  await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 60_000 });
  expect(await app.figure("Rows")).toBe(16);
});

test("WebAssembly that cannot be fetched leaves the backend before chosen, and it trains", async ({ page }) => {
  await page.route(/[.]wasm$/, (route) => route.abort());
  const app = new TabtunePage(page);
  await page.goto("/");
  await page.getByLabel("Backend", { exact: true }).selectOption("cpu");
  await app.choose("Data files", [textFile("good.csv", csvOf(firstOfEach(10)))]);
  await expect(app.card("Data")).toContainText("good.csv · 20 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Max length": "16", Epochs: "1" });
  const choice = page.getByLabel("Backend", { exact: true });
  await choice.selectOption("wasm");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(choice).toHaveValue("cpu");
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
});

test("a start that fails after “Drop them and start” has dropped nothing", async ({ page }) => {
  const app = await opened(page, "wasm", { Epochs: "1", "Learning rate": "3e-4" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 60_000 });
  const rows = await app.figure("Rows");
  await app.openTab("Training");
  // The checkpoint's file is not there any more.
  await trainWorker(page).evaluate(() => {
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("It could not be found.", "NotFoundError"));
  });
  await page.getByRole("button", { name: "Start again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drop them and start" }).click();
  await expect(page.getByRole("alert")).toHaveCount(1);
  await expect(page.getByRole("tab", { name: "Results" })).toBeEnabled();
  expect(await app.figure("Rows")).toBe(rows);
});
