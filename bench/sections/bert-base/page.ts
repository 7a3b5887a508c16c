import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../../scripts/machine/browsers.mjs";
import { triedTexts, type Files } from "./files.ts";
import { memoryOfProcess } from "../../meters/memory-sampler.ts";
import { startTraining } from "../../pages/app.ts";

/** One stretch of the way on the page, and the most memory of the tab's process in it: page and workers together. */
interface PageStretch {
  what: string;
  seconds: number;
  /** Bytes of the process's own, and those that it shares with the GPU's and the browser's. */
  own: number;
  shared: number;
}

export interface PagePart {
  stretches: PageStretch[];
  /** Largest difference of a class's probability of a text, before the export and after the zip was opened again. */
  worstProbability: number;
  zipBytes: number;
}

const SAMPLE_EVERY_MS = 100;
const PATIENCE_MS = 30 * 60_000;

/**
 * The same way in the built page in Chromium on WebGPU: files chosen by path, so that the browser reads them by slices,
 * three steps, the zip downloaded, dropped into a fresh tab, and the same probabilities.
 */
export async function bertBaseOnPage(files: Files, log: (line: string) => void): Promise<PagePart> {
  await build({ logLevel: "error" });
  const server = await preview({ logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  const stretches: PageStretch[] = [];
  const watch = await watchTabs(browser);
  const stretch = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
    watch.take();
    const start = performance.now();
    const result = await work();
    stretches.push({ what, seconds: (performance.now() - start) / 1000, ...watch.take() });
    log(`page: ${JSON.stringify(stretches.at(-1))}`);
    return result;
  };
  try {
    const zip = `${files.out}.zip`;
    const page = await stretch("an empty page", () => openPage(browser, address));
    await stretch("open", async () => {
      await page.getByLabel("Data files", { exact: true }).setInputFiles([files.csv, files.recipe]);
      await page.getByRole("region", { name: "First rows" }).waitFor();
      await chooseModel(
        page,
        readdirSync(files.model).map((name) => join(files.model, name)),
      );
    });
    await stretch("load, train three steps, and evaluate", async () => {
      await startTraining(page);
      await shown(page, page.getByText(/^Finished[.]/));
    });
    const before = await probabilities(page);
    await stretch("export", async () => {
      await page.getByRole("tab", { name: "Download", exact: true }).click();
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: /^Download the model/ }).click();
      await (await saved).saveAs(zip);
    });
    await page.context().close();
    const other = await openPage(browser, address);
    const after = await stretch("open and load what was exported", async () => {
      await chooseModel(other, [zip]);
      return probabilities(other);
    });
    return {
      stretches,
      worstProbability: Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? NaN)))),
      zipBytes: statSync(zip).size,
    };
  } finally {
    watch.stop();
    await browser.close();
    await server.close();
  }
}

async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: "block", acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(address);
  await page.getByLabel("Backend").selectOption("webgpu");
  return page;
}

async function chooseModel(page: Page, paths: string[]): Promise<void> {
  await page.getByLabel("Model files", { exact: true }).setInputFiles(paths);
  await page
    .getByText(/12 layers of 768/)
    .first()
    .waitFor();
}

/** Waits for it; throws with the page's own words when a problem is shown instead. */
async function shown(page: Page, wanted: Locator): Promise<void> {
  const problem = page.getByRole("alert");
  await wanted.or(problem).first().waitFor();
  if (await problem.first().isVisible()) throw new Error(await problem.first().innerText());
}

/** What the tab "Try it" says of the texts, class by class. */
async function probabilities(page: Page): Promise<number[]> {
  await page.getByRole("tab", { name: "Try it", exact: true }).click();
  const list = page.getByRole("list", { name: "Probability of each class" });
  const all: number[] = [];
  for (const text of triedTexts) {
    await page.getByLabel("Text", { exact: true }).fill(text);
    await page.waitForTimeout(1000);
    await page.locator('[aria-label="Probability of each class"][aria-busy="false"]').waitFor();
    const shown = await list
      .getByRole("listitem")
      .evaluateAll((items) =>
        items.map((item) => [item.firstElementChild?.textContent, item.children[2]?.getAttribute("title")]),
      );
    all.push(...shown.sort().map(([, value]) => Number(value)));
  }
  return all;
}

/** Most memory of all tabs' processes, asked of the system again and again. */
async function watchTabs(browser: Browser) {
  const session = await browser.newBrowserCDPSession();
  let peak = { own: 0, shared: 0 };
  const look = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    for (const { type, id } of processInfo) {
      if (type !== "renderer") continue;
      try {
        const { own, shared } = memoryOfProcess(id);
        peak = { own: Math.max(peak.own, own || 0), shared: Math.max(peak.shared, shared || 0) };
      } catch {
        // It has ended since.
      }
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), SAMPLE_EVERY_MS);
  return {
    take() {
      const most = peak;
      peak = { own: 0, shared: 0 };
      return most;
    },
    stop: () => clearInterval(timer),
  };
}
