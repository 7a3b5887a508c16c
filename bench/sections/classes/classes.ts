import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../../scripts/machine/browsers.mjs";
import { newsCsv, ROWS_OF_EACH, writeClassesFiles } from "./files.ts";
import { fitClasses, type ClassesRun } from "./node.ts";
import { openTable, walkClasses, type PageStage } from "./page.ts";
import { number, table } from "../../runner/tables.ts";

/** The cost of many classes in the command line and on the page, and of opening a long table on the page. */
export interface ClassesBench {
  cores: number;
  chromium: string;
  runs: ClassesRun[];
  page: { classes: number; stages: PageStage[] }[];
  opened: { rows: number; bytes: number; stages: PageStage[] };
}

const CLASSES = [1_000, 4_000, 10_000];
const PAGE_CLASSES = [4_000, 10_000];
const OPENED_ROWS = 50_000;
/** Number of walks; the one with the shortest long task counts, since the others met other work of the machine. */
const WALKS = 2;

/**
 * Runs of 1,000 to 10,000 classes of four rows each, on a checkpoint so small that the classes are what costs; the same
 * on the built page; and a table of 50,000 rows opened on it.
 *
 * @param log takes a line of progress
 */
export async function benchClasses(log: (line: string) => void): Promise<ClassesBench> {
  const folder = await mkdtemp(join(tmpdir(), "tabtune-classes-"));
  try {
    const runs: ClassesRun[] = [];
    for (const classes of CLASSES) {
      const files = await writeClassesFiles(join(folder, `${classes}`), classes);
      runs.push(fitClasses(files, classes, join(folder, `${classes}`, "out")));
      log(JSON.stringify(runs.at(-1)));
    }
    return { cores: availableParallelism(), runs, ...(await onPage(folder, log)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onPage(folder: string, log: (line: string) => void) {
  await build({ logLevel: "error" });
  const server = await preview({ logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const walk = async <Result>(
      name: string,
      act: (page: Awaited<ReturnType<typeof browser.newPage>>) => Promise<Result>,
    ) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
      const result = await act(page);
      await page.close();
      log(`${name}: ${JSON.stringify(result)}`);
      return result;
    };
    const opened: PageStage[] = [];
    const data = join(folder, "news.csv");
    const csv = newsCsv(OPENED_ROWS);
    await writeFile(data, csv);
    for (const withModel of [false, true]) {
      const tries: PageStage[] = [];
      for (let i = 0; i < WALKS; i++) {
        tries.push(await walk("open", (page) => openTable(page, address, data, withModel)));
      }
      opened.push(tries.reduce(calmer));
    }
    const page: ClassesBench["page"] = [];
    for (const classes of PAGE_CLASSES) {
      const files = await writeClassesFiles(join(folder, `${classes}`), classes);
      const tries: PageStage[][] = [];
      for (let i = 0; i < WALKS; i++) {
        tries.push(await walk(`${classes} classes`, (tab) => walkClasses(tab, address, files)));
      }
      const [first = [], ...others] = tries;
      const stages = first.map((one, i) => others.reduce((least, other) => calmer(least, other[i] ?? one), one));
      page.push({ classes, stages });
    }
    const bytes = Buffer.byteLength(csv);
    return { chromium: browser.version(), page, opened: { rows: OPENED_ROWS, bytes, stages: opened } };
  } finally {
    await browser.close();
    await server.close();
  }
}

const calmer = (one: PageStage, other: PageStage) => (other.longestMs < one.longestMs ? other : one);

/** The section's part of RESULTS.md. */
export function classesPage({ cores, chromium, runs, page, opened }: ClassesBench): string {
  const kilobytes = (bytes: number) => number(bytes / 1000);
  const names = Object.keys(runs[0]?.files ?? {});
  const longest = ({ longestMs }: PageStage) => (longestMs === 0 ? "under 50" : number(longestMs));
  const stageRows = (stages: readonly PageStage[]) =>
    stages.map((stage) => [stage.what, longest(stage), number(stage.count), number(stage.nodes)]);
  return [
    "## Many classes, and long tables on the page",
    `\`tabtune fit\` on wasm with classes of ${ROWS_OF_EACH} rows each, one of which is held out: a checkpoint of one layer of 16, 64 rows per step, two epochs, the recipe's ten evaluations within each. The time of an evaluation is that of all held-out rows; memory is the most that the process had.`,
    table(
      ["classes", "rows", "seconds", "evaluations", "ms per full evaluation", "peak MB"],
      runs.map((run) => [
        ...[run.classes, run.rows, run.seconds, run.evaluations, run.evaluationMs].map((value) => number(value)),
        number(run.peakBytes / 1e6),
      ]),
    ),
    "What it writes, in kB:",
    table(
      ["classes", ...names],
      runs.map(({ classes, files }) => [number(classes), ...names.map((name) => kilobytes(files[name] ?? NaN))]),
    ),
    `The same on the built page in Chromium ${chromium} on ${cores} cores: the longest task of the main thread in milliseconds, tasks over 50 ms, and elements of the page. Each is the least of ${WALKS} walks.`,
    ...page.flatMap(({ classes, stages }) => [
      `${number(classes)} classes:`,
      table(["", "longest task", "over 50 ms", "elements"], stageRows(stages)),
    ]),
    `A CSV of ${number(opened.rows)} rows (${number(opened.bytes / 1e6, 1)} MB, as of news) opened there:`,
    table(["", "longest task", "over 50 ms", "elements"], stageRows(opened.stages)),
  ].join("\n\n");
}
