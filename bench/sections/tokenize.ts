import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { Tokenizer as Library } from "@huggingface/tokenizers";
import { chromium, type Browser, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { goalsTable, least, most, number, table } from "../runner/tables.ts";
import { kindFiles, readKind } from "../../test/tokenize/kinds.ts";
import { newsRows } from "../inputs/news-rows.ts";
import type {} from "../pages/tokenize/page.ts";

/** The way of `rows` rows through the page's workers. Memory is what the page's process holds, in bytes. */
interface PageMeasurement {
  rows: number;
  fileBytes: number;
  tokenizers: number;
  tokens: number;
  openMs: number;
  selectMs: number;
  firstMs: number;
  encodeMs: number;
  tokensPerSecond: number;
  /** The same over the processor time of the page's process, in which all its workers run: what other work costs is left out. */
  tokensPerProcessorSecond: number;
  /** Bytes of the typed arrays of token ids. */
  idBytes: number;
  /** Before the file was opened, when its rows were chosen, when all ids were there, and the most ever. */
  memory: { empty: number; selected: number; encoded: number; peak: number };
  /** Memory of each kind of worker at the end, as the browser reports it: JavaScript and typed arrays. */
  workers: Record<string, number>;
}

/** Tokens a second of processor time, in each of several turns. */
interface NodeMeasurement {
  ours: number[];
  /** @huggingface/tokenizers by itself. */
  library: number[];
  /** Each kind of tokenizer, with a small vocabulary; not measured before 2026-11-29. */
  kinds?: KindSpeed[];
}

/** Tokens and rows per second of processor time, and tokens without remembered words and by the library. */
interface KindSpeed {
  name: string;
  tokens: number;
  rows: number;
  forgetful: number;
  library: number;
}

interface TokenizeBench {
  cores: number;
  node: NodeMeasurement;
  page: PageMeasurement[];
}

const CONFIG = "bench/pages/tokenize/vite.config.ts";
const MAX_LENGTH = 128;
const NODE_ROWS = 10_000;
const NODE_TURNS = 4;
const KINDS = ["distilbert", "roberta", "modernbert", "xlm-roberta", "xlm-roberta-hub", "albert"];
const KIND_ROWS = 3000;
const PAGE_ROWS = [100_000, 1_000_000];

/**
 * Tokens a second in one thread of Node, and through the page's own workers in Chromium, from a CSV file to the ids where
 * training takes them; what the page then holds.
 *
 * @param log takes a line of progress; the whole takes about two minutes
 */
export async function benchTokenize(log: (line: string) => void): Promise<TokenizeBench> {
  const node = { ...tokensPerSecondInNode(), kinds: KINDS.map(kindSpeed) };
  log(JSON.stringify(node));
  return { cores: availableParallelism(), node, page: await measurePages(log) };
}

function tokensPerSecondInNode(): NodeMeasurement {
  const tokenizerJson = starterTokenizer();
  const ours = createTokenizer({ tokenizerJson, tokenizerConfigJson: "{}" });
  const library = new Library(JSON.parse(tokenizerJson) as object, {});
  const measured: NodeMeasurement = { ours: [], library: [] };
  for (let turn = 1; turn <= NODE_TURNS; turn++) {
    const rows = [...newsRows(NODE_ROWS, turn)];
    measured.ours.push(speedOf(() => encodeRows(rows, null, MAX_LENGTH, ours).ids.length));
    measured.library.push(speedOf(() => rows.reduce((tokens, row) => tokens + library.encode(row).ids.length, 0)));
  }
  return measured;
}

/** The best of several turns, each with rows of its own. */
function kindSpeed(name: string): KindSpeed {
  const files = kindFiles(readKind(name));
  const [ours, forgetful] = [createTokenizer(files), createTokenizer(files, false)];
  const library = new Library(
    JSON.parse(files.tokenizerJson) as object,
    JSON.parse(files.tokenizerConfigJson) as object,
  );
  const best: KindSpeed = { name, tokens: 0, rows: 0, forgetful: 0, library: 0 };
  for (let turn = 1; turn <= NODE_TURNS; turn++) {
    const rows = [...newsRows(KIND_ROWS, turn)];
    let count = 0;
    const speed = speedOf(() => (count = encodeRows(rows, null, MAX_LENGTH, ours).ids.length));
    const few = rows.slice(0, KIND_ROWS / 10);
    best.tokens = Math.max(best.tokens, speed);
    best.rows = Math.max(best.rows, (speed * rows.length) / count);
    best.forgetful = Math.max(
      best.forgetful,
      speedOf(() => encodeRows(few, null, MAX_LENGTH, forgetful).ids.length),
    );
    best.library = Math.max(
      best.library,
      speedOf(() => few.reduce((tokens, row) => tokens + library.encode(row).ids.length, 0)),
    );
  }
  return best;
}

/** Tokens per second of processor time of work that returns its number of tokens. */
function speedOf(work: () => number): number {
  const start = process.cpuUsage();
  const tokens = work();
  return (1e6 * tokens) / process.cpuUsage(start).user;
}

async function measurePages(log: (line: string) => void): Promise<PageMeasurement[]> {
  const folder = mkdtempSync(join(tmpdir(), "tabtune-bench-"));
  const address = await servePage();
  try {
    const measured: PageMeasurement[] = [];
    for (const rows of PAGE_ROWS) {
      const file = join(folder, `${rows}.csv`);
      const fileBytes = await writeTable(file, rows);
      // A browser of its own, so that no memory of a smaller table is there.
      const options = chromiumLaunchOptions();
      const browser = await chromium.launch({
        ...options,
        args: [...options.args, "--enable-blink-features=ForceEagerMeasureMemory"],
      });
      try {
        measured.push(await measurePage(browser, address.url, file, { rows, fileBytes }));
      } finally {
        await browser.close();
      }
      log(JSON.stringify(measured.at(-1)));
    }
    return measured;
  } finally {
    await address.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePage(
  browser: Browser,
  url: string,
  file: string,
  facts: Pick<PageMeasurement, "rows" | "fileBytes">,
): Promise<PageMeasurement> {
  const page = await browser.newPage();
  await page.goto(url);
  const tokenizers = await page.evaluate((json) => window.steps.connect(json), starterTokenizer());
  const renderers = await renderersOf(browser);
  const memoryOf = memoryReader(
    (await renderers()).map(({ id }) => id),
    page,
  );
  const processorSeconds = async () => (await renderers()).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  const { rss: empty } = await memoryOf();
  await page.locator("#table").setInputFiles(file);
  const { openMs, selectMs } = await page.evaluate(() => window.steps.open());
  const { rss: selected } = await memoryOf();
  const begun = await processorSeconds();
  const { firstMs, ms, tokens, bytes } = await page.evaluate((length) => window.steps.encode(length), MAX_LENGTH);
  const worked = (await processorSeconds()) - begun;
  const { rss: encoded, peak, workers } = await memoryOf();
  return {
    ...facts,
    tokenizers,
    tokens,
    openMs,
    selectMs,
    firstMs,
    encodeMs: ms,
    tokensPerSecond: (1000 * tokens) / ms,
    tokensPerProcessorSecond: tokens / worked,
    idBytes: bytes,
    memory: { empty, selected, encoded, peak },
    workers,
  };
}

/** Reads the number and the processor time, in seconds, of each process of pages. */
async function renderersOf(browser: Browser) {
  const session = await browser.newBrowserCDPSession();
  return async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer");
  };
}

/**
 * Reads the memory of the page's processes as Linux reports it, after a collection of garbage, which the browser's own
 * measurement brings about.
 */
function memoryReader(renderers: number[], page: Page) {
  return async () => {
    const workers = await page.evaluate(async () => {
      const { breakdown } = await performance.measureUserAgentSpecificMemory();
      const sums: Record<string, number> = {};
      for (const { bytes, attribution } of breakdown) {
        const [{ scope = "", url = "" } = {}] = attribution;
        const name = scope === "Window" ? "page" : (/(\w+)\.worker/.exec(url)?.[1] ?? "shared");
        sums[name] = (sums[name] ?? 0) + bytes;
      }
      return sums;
    });
    const status = renderers.map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
    const sum = (field: string) =>
      status.reduce((total, text) => total + 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]), 0);
    return { rss: sum("VmRSS"), peak: sum("VmHWM"), workers };
  };
}

async function servePage(): Promise<{ url: string; close: () => Promise<void> }> {
  await build({ configFile: CONFIG, logLevel: "error" });
  const server = await preview({ configFile: CONFIG, logLevel: "error", preview: { port: 0 } });
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

/** Writes a table of labels and texts; bytes of the file. */
async function writeTable(path: string, rows: number): Promise<number> {
  const stream = createWriteStream(path);
  stream.write("label,text\n");
  let lines: string[] = [];
  let row = 0;
  const flush = async () => {
    if (!stream.write(lines.join(""))) await once(stream, "drain");
    lines = [];
  };
  for (const text of newsRows(rows, 9)) {
    lines.push(`${["World", "Sports", "Business", "Sci/Tech"][row++ % 4]},"${text}"\n`);
    if (lines.length === 10_000) await flush();
  }
  await flush();
  stream.end();
  await finished(stream);
  return stream.bytesWritten;
}

function starterTokenizer(): string {
  return readFileSync("public/starter/tokenizer.json", "utf8");
}

/** The section's part of RESULTS.md. */
export function tokenizePage({ cores, node, page }: TokenizeBench): string {
  const megabytes = (bytes: number) => number(bytes / 1e6);
  const best = (speeds: number[]) => number(Math.max(...speeds));
  const [first] = page;
  return [
    "## Tokenizing",
    `Rows of 30 to 60 words (running text of the sample, and one word in 33 that no row had before) with the starter model's tokenizer, cut at ${MAX_LENGTH} tokens. In one thread of Node, tokens a second of processor time, the best of ${node.ours.length} turns: **${best(node.ours)}**; @huggingface/tokenizers by itself: ${best(node.library)}.`,
    ...(node.kinds === undefined
      ? []
      : [
          "The same for small tokenizers of each kind (vocabularies of 1,000 to 1,700, so that words are more pieces than usual):",
          table(
            [
              "tokenizer",
              "rows per second",
              "tokens per second",
              "without remembered words",
              "@huggingface/tokenizers",
            ],
            node.kinds.map(({ name, rows, tokens, forgetful, library }) => [
              name,
              ...[rows, tokens, forgetful, library].map((speed) => number(speed)),
            ]),
          ),
        ]),
    `In Chromium on ${cores} cores, from a CSV file through the page's own workers (tokenizers: ${first?.tokenizers ?? 0}) to where training takes the ids:`,
    table(
      [
        "rows",
        "file MB",
        "read s",
        "split s",
        "first ids ms",
        "all ids s",
        "tokens",
        "tokens a second",
        "of processor time",
      ],
      page.map((one) => [
        number(one.rows),
        megabytes(one.fileBytes),
        number(one.openMs / 1000, 1),
        number(one.selectMs / 1000, 1),
        number(one.firstMs),
        number(one.encodeMs / 1000, 1),
        number(one.tokens),
        number(one.tokensPerSecond),
        number(one.tokensPerProcessorSecond),
      ]),
    ),
    "What is held once all ids are there, in MB, as the browser tells it (typed arrays and JavaScript together), and the memory of the page's process as the system tells it, beyond that of the page before it had a file:",
    table(
      ["rows", "ids' arrays", "where training is", "data worker", "tokenizers", "page", "process", "process at most"],
      page.map(({ rows, idBytes, workers, memory }) => [
        number(rows),
        megabytes(idBytes),
        ...["ids", "data", "tokenize", "page"].map((name) => megabytes(workers[name] ?? 0)),
        megabytes(memory.encoded - memory.empty),
        megabytes(memory.peak - memory.empty),
      ]),
    ),
    goalsTable([
      least("tokens a second by the clock, the fewest", 1_200_000, Math.min(...page.map((one) => one.tokensPerSecond))),
      most("milliseconds to the first ids, the most", 300, Math.max(...page.map((one) => one.firstMs))),
    ]),
  ].join("\n\n");
}
