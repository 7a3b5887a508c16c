import { availableParallelism } from "node:os";
import { chromium, type Browser } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import type { BrowserCase, BrowserResult } from "../pages/step/messages.ts";
import { number, table } from "../runner/tables.ts";
import { miniLm, randomRows, type Rows } from "../inputs/model-shape.ts";
import { SST2_LENGTHS } from "../inputs/sst2.ts";
import { requireEqual, tokensOf, type StepCost } from "../peers/step-cost.ts";

/** One peer on one backend: a step of 8 rows of 32 tokens, and one of 16 rows of SST-2. */
export interface BrowserRun {
  peer: BrowserCase["peer"];
  backend: BrowserCase["backend"];
  adapter: string;
  short: StepCost;
  /** Null where it was not measured. */
  sst2: StepCost | null;
}

interface BrowserBench {
  chromium: string;
  cores: number;
  sst2: { real: boolean; rows: number; tokens: number };
  runs: BrowserRun[];
}

const CONFIG = "bench/pages/step/vite.config.ts";
const REPEATS = 3;
const COMPARED_STEPS = 2;
const TOLERANCE = 1e-4;
const DROPOUT = 0.1;

/**
 * A training step in Chromium, in a worker of a cross-origin isolated page: ours and stock tfjs on wasm with one
 * thread and with one for each core, and ours on webgpu. Each run has a page of its own.
 *
 * @param log takes a line of progress
 * @param sst2 rows of SST-2; without them, random ids of the lengths of 16 real rows
 * @throws Error when the two do not have the same losses without dropout
 */
export async function benchBrowser(log: (line: string) => void, sst2: Rows | null): Promise<BrowserBench> {
  const short = randomRows(new Array<number>(8).fill(32), miniLm, 2);
  const real = sst2 ?? randomRows(SST2_LENGTHS, miniLm, 3);
  const cores = availableParallelism();
  const common = { repeats: REPEATS, dropout: DROPOUT, comparedSteps: COMPARED_STEPS };
  const onWasm = (peer: BrowserCase["peer"], threads: number): BrowserCase => ({
    ...common,
    peer,
    backend: "wasm",
    threads,
    batches: [short, real],
  });
  const cases: BrowserCase[] = [
    ...[...new Set([1, cores])].flatMap((threads) => [onWasm("ours", threads), onWasm("stock", threads)]),
    { ...common, peer: "ours", backend: "webgpu", threads: 1, batches: [short] },
  ];

  await build({ configFile: CONFIG, logLevel: "error" });
  const server = await preview({ configFile: CONFIG, logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const runs: BrowserRun[] = [];
    let expected: number[] | null = null;
    for (const one of cases) {
      const { adapter, losses, costs } = await measureIn(browser, address, one);
      log(`${one.peer}, ${one.backend}, ${adapter}: ${JSON.stringify({ losses, costs })}`);
      expected ??= losses;
      requireEqual(`${one.peer} on ${one.backend}`, losses, expected, TOLERANCE);
      const [first, second = null] = costs;
      if (!first) throw new Error("The page measured nothing.");
      runs.push({ peer: one.peer, backend: one.backend, adapter, short: first, sst2: second });
    }
    const rows = { real: sst2 !== null, rows: real.ids.length, tokens: tokensOf(real) };
    return { chromium: browser.version(), cores, sst2: rows, runs };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureIn(browser: Browser, address: string, one: BrowserCase): Promise<BrowserResult> {
  const page = await browser.newPage();
  try {
    await page.goto(address);
    return await page.evaluate((given) => window.measureStep(given), one);
  } finally {
    await page.close();
  }
}

/** The section's part of RESULTS.md. */
export function browserPage({ chromium: version, cores, sst2, runs }: BrowserBench): string {
  const times = (cost: StepCost | null) => (cost ? [number(cost.minMs), number(cost.medianMs)] : ["", ""]);
  const ratio = (stock: StepCost | null | undefined, ours: StepCost | null) =>
    stock && ours ? number(stock.minMs / ours.minMs, 1) : "";
  const names = { ours: "Tabtune", stock: "stock tfjs" };
  const stockOf = (run: BrowserRun) =>
    run.peer === "ours"
      ? runs.find(
          ({ peer, backend, adapter }) => peer === "stock" && backend === run.backend && adapter === run.adapter,
        )
      : undefined;
  return [
    "## One training step in the browser",
    `MiniLM's shape, in a worker of a cross-origin isolated page in Chromium ${version} on ${cores} cores: 8 rows of 32 tokens, and ${sst2.rows} rows ${sst2.real ? "of SST-2" : "of random tokens, as long as rows of SST-2"} (${number(sst2.tokens)} tokens; stock tfjs pads them to the longest). Of ${REPEATS} steps after a first one; without dropout all have the same losses from the same weights.`,
    table(
      ["", "8 × 32: ms (min)", "(median)", "stock : ours", "SST-2: ms (min)", "(median)", "stock : ours"],
      runs.map((run) => {
        const stock = stockOf(run);
        return [
          `${names[run.peer]}, ${run.backend}, ${run.adapter}`,
          ...times(run.short),
          ratio(stock?.short, run.short),
          ...times(run.sst2),
          ratio(stock?.sst2, run.sst2),
        ];
      }),
    ),
  ].join("\n\n");
}
