import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { chromium, type Locator, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import { createRandom } from "../../src/data/random.ts";
import { csvLine } from "../../src/io/csv-cells.ts";
import { goalsTable, most, number, table } from "../runner/tables.ts";

interface MapBench {
  rows: number;
  cores: number;
  /** From the press to the map: the vectors of a model of 2 layers, and PCA. */
  mapMs: number;
  umapMs: number;
  /** Milliseconds of work on the main thread of one frame of a zoom: of the median frame, and of the slowest. */
  draw: { frames: number; median: number; most: number };
  /** From the end of the line to the selected rows in words. */
  lassoMs: number;
  selected: number;
  /** The longest task of the main thread from the press on; 0 where none was longer than 50 ms. */
  longestTaskMs: number;
  longTasks: number;
}

const ROWS = 20_000;
const FRAMES = 40;
const WAIT_MS = 600_000;
const CHECKPOINT = "test/reference/tiny/checkpoint";
/** As many vectors as the checkpoint has for words. */
const PIECES = 997;
const CLASSES = 5;

/**
 * Maps 20,000 validation rows of a tiny model on the built page in Chromium: zooms, draws a line around all rows and lays
 * them out by UMAP, with the tasks of the main thread.
 *
 * @param log takes a line of progress
 */
export async function benchMap(log: (line: string) => void): Promise<MapBench> {
  await build({ logLevel: "error" });
  const server = await preview({ logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(address);
    await page.getByLabel("Backend").selectOption("wasm");
    await trained(page);
    log("the model is trained");
    await page.getByRole("tab", { name: "Results" }).click();
    const card = page.getByRole("region", { name: "Map of the rows", exact: true });
    const press = card.getByRole("button", { name: "Map these rows" });
    await press.waitFor({ timeout: WAIT_MS });
    await watchLongTasks(page);
    let start = performance.now();
    await press.click();
    const map = card.getByRole("application");
    await map.waitFor({ timeout: WAIT_MS });
    const mapMs = performance.now() - start;
    const longest = () =>
      page.evaluate(() => Math.max(0, ...((globalThis as { longTasks?: number[] }).longTasks ?? [])).toFixed(0));
    log(`a map after ${mapMs.toFixed(0)} ms, longest task ${await longest()} ms`);
    await map.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1000);
    const draw = await drawn(map);
    log(`drawn in ${draw.median.toFixed(1)} ms, longest task ${await longest()} ms`);
    const { ms: lassoMs, rows: selected } = await lassoed(map);
    log(`${selected} rows selected in ${lassoMs.toFixed(0)} ms, longest task ${await longest()} ms`);
    await page.keyboard.press("Escape");
    start = performance.now();
    await card.getByText("UMAP", { exact: true }).click();
    await card.getByText("UMAP keeps neighbours together").waitFor({ timeout: WAIT_MS });
    const umapMs = performance.now() - start;
    const durations = await page.evaluate(() => (globalThis as { longTasks?: number[] }).longTasks ?? []);
    const longTasks = { longestTaskMs: Math.max(0, ...durations), longTasks: durations.length };
    return { rows: ROWS, cores: availableParallelism(), mapMs, umapMs, draw, lassoMs, selected, ...longTasks };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Trains a tiny model on few rows, with 20,000 to validate on. */
async function trained(page: Page): Promise<void> {
  const words = Array.from({ length: PIECES - 4 }, (_, i) => `word${i}`);
  const random = createRandom(1);
  const csv = (rows: number) =>
    csvLine(["text", "label"]) +
    Array.from({ length: rows }, (_, row) => {
      const own = row % CLASSES;
      // Half of the words are of the class, half of all.
      const word = (_: unknown, i: number) =>
        words[i % 2 === 0 ? CLASSES * Math.floor(random() * 40) + own : Math.floor(random() * words.length)];
      return csvLine([Array.from({ length: 8 }, word).join(" "), `class ${own}`]);
    }).join("");
  const file = (name: string, content: string | Buffer) => {
    return { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) };
  };
  await page.getByLabel("Data files", { exact: true }).setInputFiles([file("train.csv", csv(500))]);
  const data = page.getByRole("region", { name: "Data", exact: true });
  await data.getByText("From a second file").click();
  await page.getByLabel("Validation file", { exact: true }).setInputFiles([file("valid.csv", csv(ROWS))]);
  await data
    .getByText(/valid[.]csv/)
    .first()
    .waitFor({ timeout: WAIT_MS });
  await page
    .getByLabel("Model files", { exact: true })
    .setInputFiles([
      file("config.json", readFileSync(join(CHECKPOINT, "config.json"))),
      file("model.safetensors", readFileSync(join(CHECKPOINT, "model.safetensors"))),
      file("tokenizer.json", tokenizerOf(words)),
    ]);
  const start = page.getByRole("button", { name: "Start training" });
  await start.click({ timeout: WAIT_MS });
  await page.getByText(/^Finished[.] Best: step/).waitFor({ timeout: WAIT_MS });
}

/** A tokenizer.json that knows these words. */
function tokenizerOf(words: readonly string[]): string {
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
  return JSON.stringify({
    version: "1.0",
    added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries([...specials, ...words].map((word, id) => [word, id])),
    },
  });
}

async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const found: number[] = [];
    Object.assign(globalThis, { longTasks: found });
    new PerformanceObserver((list) => found.push(...list.getEntries().map((task) => task.duration))).observe({
      type: "longtask",
    });
  });
}

/** Zooms step by step; the work of a frame is what its callbacks take, until a message after it is handled. */
async function drawn(map: Locator): Promise<MapBench["draw"]> {
  const times = await map.evaluate(async (canvas, frames) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    const taken: number[] = [];
    for (let frame = 0; frame < frames; frame++) {
      await new Promise((done) => requestAnimationFrame(done));
      const start = performance.now();
      const deltaY = frame < frames / 2 ? -20 : 20;
      canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, bubbles: true, cancelable: true }));
      // React renders in a microtask or a task, the map draws in the next frame, and a message comes after that.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const { port1, port2 } = new MessageChannel();
      const last = new Promise((done) => (port2.onmessage = done));
      port1.postMessage(null);
      await last;
      taken.push(performance.now() - start);
    }
    return taken;
  }, FRAMES);
  const sorted = times.toSorted((a, b) => a - b);
  return { frames: times.length, median: sorted[Math.floor(times.length / 2)] ?? NaN, most: sorted.at(-1) ?? NaN };
}

/** Draws around everything, with a corner at each 6 pixels. */
function lassoed(map: Locator): Promise<{ ms: number; rows: number }> {
  return map.evaluate(async (canvas) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type: string, x: number, y: number) =>
      canvas.dispatchEvent(
        new PointerEvent(type, {
          clientX: left + x,
          clientY: top + y,
          pointerId: 1,
          pointerType: "mouse",
          bubbles: true,
        }),
      );
    // No pointer of that number is real, so that none can be captured.
    canvas.setPointerCapture = () => undefined;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    send("pointerdown", 1, 1);
    const around = 2 * Math.PI;
    for (let i = 0; i < 300; i++) {
      const angle = (around * i) / 300 + (5 / 8) * around;
      send(
        "pointermove",
        width / 2 + (width / 2 - 1) * Math.cos(angle),
        height / 2 + (height / 2 - 1) * Math.sin(angle),
      );
      if (i % 10 === 0) await frame();
    }
    await frame();
    const start = performance.now();
    send("pointerup", 1, 1);
    const said = () =>
      [...document.querySelectorAll('[role="status"]')].find((one) => one.textContent?.startsWith("Selected:"));
    while (!said() && performance.now() - start < 20_000) await frame();
    const ms = performance.now() - start;
    const [, rows = "0"] = /([\d,]+) of/.exec(said()?.textContent ?? "") ?? [];
    return { ms, rows: Number(rows.replaceAll(",", "")) };
  });
}

/** The section's part of RESULTS.md. */
export function mapPage({ rows, cores, mapMs, umapMs, draw, lassoMs, selected, longestTaskMs, longTasks }: MapBench) {
  return [
    "## A map of rows",
    `${number(rows)} validation rows of a model of 2 layers on the map of the Results tab, in Chromium on ${cores} cores, on wasm. From the press on, ${number(longTasks)} tasks of the main thread were longer than 50 ms.`,
    table(
      ["what", "time"],
      [
        ["vectors and PCA, from the press to the map", `${number(mapMs)} ms`],
        [`a step of a zoom to its picture (two frames), median of ${draw.frames}`, `${number(draw.median)} ms`],
        ["the slowest of them", `${number(draw.most)} ms`],
        [`a line around ${number(selected)} rows, to the selection in words`, `${number(lassoMs)} ms`],
        ["UMAP, in its worker", `${number(umapMs / 1000)} s`],
      ],
    ),
    goalsTable([
      most("a lasso's answer, ms", 200, lassoMs),
      most("longest task of the main thread, ms", 100, longestTaskMs),
    ]),
  ].join("\n\n");
}
