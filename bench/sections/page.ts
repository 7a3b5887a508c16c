import { availableParallelism } from "node:os";
import { chromium, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import { number, table } from "../runner/tables.ts";
import { longRecipe, sampleTable, tinyCheckpoint, startTraining } from "../pages/app.ts";

/** Tasks of the main thread while a run trained with all its points on the charts. */
interface PageBench {
  /** The page's name of it, e.g. "Processor · SIMD, 3 threads". */
  backend: string;
  cores: number;
  /** Steps on the charts at the beginning and the end of the measurement. */
  steps: [number, number];
  /** The longest task of the main thread in milliseconds; 0 when none was longer than 50 (browsers tell of no other). */
  longestTaskMs: number;
  /** Tasks longer than 50 ms. */
  longTasks: number;
  measuredMs: number;
}

const POINTS = 20_000;
const MEASURED_MS = 30_000;
const STEP_WAIT_MS = 60 * 60_000;

/**
 * Loads the whole SMS sample into the built page in Chromium and trains on wasm. 20,000 points come from 20,000 real
 * steps of one row, on a checkpoint so small that they take minutes; nothing is put into the charts by hand. Only then
 * the tasks of the main thread are measured, for half a minute in which the run goes on.
 *
 * @param log takes a line of progress
 */
export async function benchPage(log: (line: string) => void): Promise<PageBench> {
  await build({ logLevel: "error" });
  const server = await preview({ logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(address);
    await startRun(page);
    let told = 0;
    const from = await stepsReached(page, POINTS, (step) => {
      if (step - told >= 2000) log(`step ${(told = step)}`);
    });
    const { longestTaskMs, longTasks } = await longTasksOf(page);
    const to = await stepsReached(page, from, () => undefined);
    if (to <= from) throw new Error(`The run stood still while it was measured, at step ${to}.`);
    const backend = await page.getByRole("status").filter({ hasText: "SIMD" }).innerText();
    return {
      backend: backend.split("\n")[0] ?? "",
      cores: availableParallelism(),
      steps: [from, to],
      longestTaskMs,
      longTasks,
      measuredMs: MEASURED_MS,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function startRun(page: Page): Promise<void> {
  await page.getByLabel("Data files", { exact: true }).setInputFiles([sampleTable(), longRecipe()]);
  await page.getByRole("region", { name: "First rows" }).waitFor();
  await page.getByLabel("Model files", { exact: true }).setInputFiles(tinyCheckpoint());
  await page.getByLabel("Backend").selectOption("wasm");
  await startTraining(page);
}

/** Waits until the page tells of at least `least` steps, and returns how many. */
async function stepsReached(page: Page, least: number, onStep: (step: number) => void): Promise<number> {
  const fact = page
    .getByLabel("Progress of the run")
    .locator("dt", { hasText: /^Step$/ })
    .locator("xpath=../dd");
  const end = Date.now() + STEP_WAIT_MS;
  while (Date.now() < end) {
    const step = Number((await fact.innerText()).split(" of ")[0]?.replace(/\D/g, ""));
    onStep(step);
    if (step >= least) return step;
    await page.waitForTimeout(1000);
  }
  throw new Error(`The page did not reach ${least} steps in ${STEP_WAIT_MS / 60_000} minutes.`);
}

async function longTasksOf(page: Page): Promise<{ longestTaskMs: number; longTasks: number }> {
  const durations = await page.evaluate(async (ms) => {
    const found: number[] = [];
    const observer = new PerformanceObserver((list) => found.push(...list.getEntries().map((task) => task.duration)));
    observer.observe({ type: "longtask" });
    await new Promise((done) => setTimeout(done, ms));
    found.push(...observer.takeRecords().map((task) => task.duration));
    observer.disconnect();
    return found;
  }, MEASURED_MS);
  return { longestTaskMs: Math.max(0, ...durations), longTasks: durations.length };
}

/** The section's part of RESULTS.md. */
export function pagePage({ backend, cores, steps, longestTaskMs, longTasks, measuredMs }: PageBench): string {
  return [
    "## The page's main thread",
    `The whole SMS sample (5,574 rows) loaded, a run on ${backend} on ${cores} cores, ${number(steps[0])} to ${number(steps[1])} points on the charts, ${number(measuredMs / 1000)} s in Chromium:`,
    table(["longest task", "tasks over 50 ms"], [[`${number(longestTaskMs)} ms`, number(longTasks)]]),
  ].join("\n\n");
}
