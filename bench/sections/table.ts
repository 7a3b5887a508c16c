import { availableParallelism } from "node:os";
import { chromium, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import { csvLine } from "../../src/io/csv-cells.ts";
import { newsRows } from "../inputs/news-rows.ts";
import { goalsTable, most, number, table } from "../runner/tables.ts";

/** How long one question to the table took, from the key to the rows on the page. */
interface Answer {
  what: string;
  found: string;
  ms: number;
}

interface TableBench {
  rows: number;
  cores: number;
  answers: Answer[];
  /** Milliseconds of processor time of the main thread's tasks per frame while the table scrolls. */
  scroll: { frames: number; mean: number; p95: number; most: number };
  /** The longest task of the main thread from the first look at the rows on; 0 where none was longer than 50 ms. */
  longestTaskMs: number;
  longTasks: number;
}

const ROWS = 100_000;
const FRAMES = 300;
/** Pixels per frame: more rows than a hand scrolls. */
const SPEED = 120;
const LABELS = ["world", "sports", "business", "science"];
const OPENED_MS = 300_000;
const GRID = '[role="grid"]';

/**
 * Opens a generated table of 100,000 rows on the built page in Chromium, and works in the tab Rows: searches, filters and
 * sorts, each timed on the page from the event to the changed rows, and scrolls, where a trace has the tasks of the main
 * thread by frame.
 *
 * @param log takes a line of progress
 */
export async function benchTable(log: (line: string) => void): Promise<TableBench> {
  await build({ logLevel: "error" });
  const server = await preview({ logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(address);
    const buffer = Buffer.from(generatedTable());
    await page
      .getByLabel("Data files", { exact: true })
      .setInputFiles({ name: "news.csv", mimeType: "text/csv", buffer });
    await page.getByRole("region", { name: "First rows" }).waitFor({ timeout: OPENED_MS });
    await page.getByText("Rows per class").waitFor({ timeout: OPENED_MS });
    log("the table is open");
    await watchLongTasks(page);
    await page.getByRole("tab", { name: "Rows" }).click();
    await page.getByText("100,000 of 100,000 rows").waitFor();
    // What a person takes to look at the first rows; searches are prepared meanwhile.
    await page.waitForTimeout(3000);
    const answers: Answer[] = [];
    for (const question of questions) {
      answers.push(await timed(page, question));
      log(`${question.what}: ${answers.at(-1)?.ms.toFixed(0)} ms`);
    }
    const scroll = await scrolled(page);
    const durations = await page.evaluate(() => (globalThis as { longTasks?: number[] }).longTasks ?? []);
    const longTasks = { longestTaskMs: Math.max(0, ...durations), longTasks: durations.length };
    return { rows: ROWS, cores: availableParallelism(), answers, scroll, ...longTasks };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Texts of 30 to 60 words with a label; a text in a hundred comes again, and one in a thousand has no label. */
function generatedTable(): string {
  const lines = [csvLine(["id", "label", "text"])];
  let last = "";
  let row = 0;
  for (const text of newsRows(ROWS, 1)) {
    if (row % 100 !== 99) last = text;
    lines.push(csvLine([row, row % 1000 === 5 ? "" : (LABELS[row % LABELS.length] ?? ""), last]));
    row++;
  }
  return lines.join("");
}

/** A question to the table: text for the search, a choice for a field, or a press on the head of a column. */
type Question = { what: string } & ({ search: string } | { show: string } | { sort: string });

const questions: readonly Question[] = [
  { what: "search for a word", search: "free" },
  { what: "search for a letter", search: "e" },
  { what: "search for what is nowhere", search: "zqxzqx" },
  { what: "no search", search: "" },
  { what: "rows without a label", show: "unlabelled" },
  { what: "rows whose text comes again, first time", show: "duplicates" },
  { what: "rows with an empty cell", show: "empty" },
  { what: "validation rows", show: "validation" },
  { what: "rows whose text comes again", show: "duplicates" },
  { what: "all rows", show: "all" },
  { what: "sorted by label, first time", sort: "label" },
  { what: "sorted by label, last first", sort: "label" },
  { what: "sorted by text, first time", sort: "text" },
  { what: "sorted by text, last first", sort: "text" },
  { what: "sorted as in the file", sort: "Row" },
];

/** Asks on the page, and waits there until the status or the first row is another. */
function timed(page: Page, question: Question): Promise<Answer> {
  return page.evaluate(
    async ({ question: asked, grid }) => {
      const rows = document.querySelector(grid);
      const status = rows?.parentElement?.querySelector('p[role="status"]');
      const first = () => rows?.querySelectorAll('[role="row"]')[1]?.textContent ?? "";
      const seen = () => `${status?.textContent} ${first()}`;
      const field = (name: string) =>
        [...document.querySelectorAll("label")].find((label) => label.textContent === name)?.control ?? null;
      const put = (element: Element | null, value: string) => {
        const prototype =
          element instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
        Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(element, value);
        element?.dispatchEvent(new Event(element instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
      };
      const before = seen();
      const start = performance.now();
      if ("search" in asked) put(field("Search in the rows"), asked.search);
      else if ("show" in asked) put(field("Show"), asked.show);
      else {
        const heads = [...(rows?.querySelectorAll<HTMLElement>('[role="columnheader"] button') ?? [])];
        heads.find((head) => head.textContent?.startsWith(asked.sort))?.click();
      }
      while (seen() === before || (first().includes("…") && first().length < 12)) {
        if (performance.now() - start > 20_000) throw new Error(`No answer to: ${asked.what}.`);
        await new Promise((done) => requestAnimationFrame(done));
      }
      const ms = performance.now() - start;
      // The next question comes when this one is drawn and at rest.
      await new Promise((done) => setTimeout(done, 400));
      return { what: asked.what, found: status?.textContent.split(" of ")[0] ?? "", ms };
    },
    { question, grid: GRID },
  );
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

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  /** Time of the processor in microseconds; time on the clock has that of other programs in it. */
  tdur?: number;
  pid: number;
  tid: number;
}

/** Scrolls for some frames, and sums the processor time of the tasks of the main thread between the marks of two frames. */
async function scrolled(page: Page): Promise<TableBench["scroll"]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("The page has no browser.");
  await browser.startTracing(page, {
    categories: ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline", "blink.user_timing"],
  });
  await page.evaluate(
    async ({ frames, speed, grid }) => {
      const scroller = document.querySelector(grid);
      for (let frame = 0; frame < frames; frame++) {
        await new Promise((done) => requestAnimationFrame(done));
        performance.mark("tabtune-frame");
        scroller?.scrollBy(0, speed);
      }
    },
    { frames: FRAMES, speed: SPEED, grid: GRID },
  );
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const marks = trace.traceEvents.filter(({ name }) => name === "tabtune-frame");
  const [{ pid = 0, tid = 0 } = {}] = marks;
  const tasks = trace.traceEvents.filter(
    (event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.name === "RunTask",
  );
  const times = marks.map(({ ts }) => ts);
  const perFrame = times.slice(1).map((end, i) => {
    const start = times[i] ?? end;
    // A mark is within the task that draws its frame, which counts for the frame that it begins in.
    return tasks.reduce((sum, { ts, tdur = 0 }) => sum + (ts >= start && ts < end ? tdur : 0), 0) / 1000;
  });
  const sorted = perFrame.toSorted((a, b) => a - b);
  return {
    frames: perFrame.length,
    mean: perFrame.reduce((sum, ms) => sum + ms, 0) / perFrame.length,
    p95: sorted[Math.floor(0.95 * sorted.length)] ?? NaN,
    most: sorted.at(-1) ?? NaN,
  };
}

/** The section's part of RESULTS.md. */
export function tablePage({ rows, cores, answers, scroll, longestTaskMs, longTasks }: TableBench): string {
  const filters = answers.filter(({ what }) => !what.startsWith("sorted"));
  return [
    "## Work in a table",
    `The tab Rows with ${number(rows)} generated rows of 30 to 60 words, in Chromium on ${cores} cores. Each question is timed on the page, from the event to the rows that answer it; what the worker keeps for the next time is computed at the first.`,
    table(
      ["question", "rows found", "answer"],
      answers.map(({ what, found, ms }) => [what, found, `${number(ms)} ms`]),
    ),
    `Processor time of the main thread per frame, over ${number(scroll.frames)} frames of ${SPEED} pixels each: ${number(scroll.mean, 1)} ms on average, ${number(scroll.p95, 1)} ms in 95 of 100, ${number(scroll.most, 1)} ms at most. From the first look at the rows on, ${number(longTasks)} tasks were longer than 50 ms.`,
    goalsTable([
      most("slowest filter or search, ms", 200, Math.max(...filters.map(({ ms }) => ms))),
      most("work per frame while scrolling, 95 of 100, ms", 8, scroll.p95),
      most("longest task of the main thread, ms", 100, longestTaskMs),
    ]),
  ].join("\n\n");
}
