import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { labelRows } from "../data/label-rows.ts";
import { labelled } from "../data/windows.ts";
import { mapLines } from "../insight/map/map-lines.ts";
import { pcaLayout, type RowMap } from "../insight/map/row-map.ts";
import { LEAST_ROWS, umapLayout } from "../insight/map/umap-layout.ts";
import { csvLine } from "../io/csv-cells.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { mapRows, MOST_MAPPED } from "../run/row-map.ts";
import { targetsOf } from "../tasks/targets.ts";
import { limitOf } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns, columnOptions, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, countOption, required, threadsOption } from "./options.ts";
import { openOutput } from "./output.ts";
import { StopSignals } from "./stop-signals.ts";
import { formatHelp, formatOptions, openTableOf } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- map --model DIR --data FILE [options]

Maps the labelled rows of a table in two dimensions, by the vectors that nearest compares: rows that the model takes for
alike lie close. Writes CSV: row,x,y,label,predicted,correct,loss. \`row\` counts from 1 without the header; \`correct\` is 1 or 0,
and empty where labels are numbers. Several labels are a JSON list.

  --method pca     the first two principal components (default)
  --method umap    UMAP (McInnes et al. 2018) of the first 30 components: shows groups, but not how far they are apart
  --neighbours N   of UMAP: neighbours of a row; few show small groups, many the whole (default: 15)
  --most N         rows of the map at most; of more a sample is drawn (default: 20000)
  --seed N         of UMAP and of the sample (default: 42)
  --text COL  --pair COL  --label COL    columns by name (else guessed)
${taskHelp}
${formatHelp}
  --out FILE       write the map there instead of to standard output
  --neutralize     put an apostrophe before CSV cells that a spreadsheet would run as a formula (= + - @)
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores`;

/** `tabtune map`. */
export async function map(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      method: { type: "string", default: "pca" },
      neighbours: { type: "string", default: "15" },
      most: { type: "string", default: `${MOST_MAPPED}` },
      seed: { type: "string", default: "42" },
      ...columnOptions,
      ...formatOptions,
      out: { type: "string" },
      neutralize: { type: "boolean", default: false },
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const method = methodOption(values.method);
  const neighbours = countOption("--neighbours", values.neighbours);
  if (neighbours < 2) throw tooFewNeighbours();
  const most = countOption("--most", values.most);
  const seed = seedOption(values.seed);
  const opened = await openModelFolder(required(values.model, "--model"));
  const { task, labelNames } = ownTask(opened);
  const data = required(values.data, "--data");
  const table = await openTableOf(data, values);
  const choice = chooseColumns(table, { ...values, task: values.task ?? task.name });
  const clean = opened.summary.cleaning ? textCleaner(opened.summary.cleaning) : null;
  const { rows } = labelRows(targetsOf(task), table, choice, labelNames, { lines: table.lines, clean });
  const output = openOutput(values.out, data);
  let isStopped = false;
  new StopSignals({ stop: () => !(isStopped = true), abandon: () => output.discard() });
  try {
    if (rows.texts.length < LEAST_ROWS) throw tooFewRows(table.name, rows.texts.length, labelNames);
    const limit = limitOf(task, opened.summary.limit);
    const encoded = encodeRows(rows.texts, rows.pairs, limit, createTokenizer(opened.tokenizer));
    const info = await startNodeBackend(backendOption(values.backend), {
      threads: values.threads === undefined ? "fastest" : threadsOption(values.threads),
    });
    console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
    const model = await loadClassifier(opened, labelNames);
    const says = progressLines();
    const found = await mapRows(model, task, labelled(encoded, rows), labelNames, {
      seed,
      most,
      onProgress(what, done, total) {
        says(what, done, total);
        return !isStopped;
      },
    });
    if (!found) return;
    const layout =
      method === "pca"
        ? pcaLayout(found)
        : umapLayout(found.components, found.width, {
            seed,
            neighbours,
            onProgress: ({ what, done, total }) => says(what, done, total),
          });
    console.error(aboutMap(found, method));
    const style = { neutralize: values.neutralize };
    await output.write(csvLine(["row", "x", "y", "label", "predicted", "correct", "loss"], style));
    for (const cells of mapLines(found, layout)) {
      const [place = 0, ...others] = cells;
      await output.write(csvLine([rows.tableRows[Number(place)] ?? 0, ...others], style));
    }
    output.finish();
  } finally {
    output.discard();
  }
}

/** What is to be known of a map: its share of the variance, and of the rows. */
function aboutMap({ explained, places, of }: RowMap, method: Method): string {
  const share = (part: number) => `${(100 * part).toFixed(1)} %`;
  const axes =
    method === "pca"
      ? `The axes have ${share(explained[0])} and ${share(explained[1])} of the variance.`
      : "The axes of UMAP have no unit, and distances between groups mean little.";
  const sampled = places.length < of ? `, a sample of ${counted(of, "row")}` : "";
  return `${counted(places.length, "row")}${sampled}. ${axes}`;
}

/** A line of progress for each step and each tenth of it. */
function progressLines() {
  let last = "";
  return (what: string, done: number, total: number) => {
    const line = total === 0 ? what : `${what}: ${Math.floor((10 * done) / total) * 10} %`;
    if (line !== last) console.error(line);
    last = line;
  };
}

const methods = ["pca", "umap"] as const;
type Method = (typeof methods)[number];

function methodOption(value: string): Method {
  const method = methods.find((name) => name === value);
  if (method) return method;
  throw new Problem({
    found: `--method is “${value}”.`,
    expected: `It was expected to be one of ${methods.join(", ")}.`,
    remedy: "Correct the option or leave it out.",
  });
}

function seedOption(value: string): number {
  const seed = Number(value);
  if (Number.isInteger(seed) && seed >= 0) return seed;
  throw new Problem({
    found: `--seed is “${value}”.`,
    expected: "A whole number of at least 0 was expected.",
    remedy: "Correct the option or leave it out.",
  });
}

function tooFewNeighbours(): Problem {
  return new Problem({
    found: "--neighbours is 1, which is the row itself.",
    expected: "A whole number above 1 was expected.",
    remedy: "Correct the option or leave it out.",
  });
}

function tooFewRows(name: string, rows: number, labelNames: readonly string[]): Problem {
  return new Problem({
    found: `${name} has ${counted(rows, "row")} with a text and a label of this model (${labelNames.join(", ")}).`,
    expected: `A map needs at least ${LEAST_ROWS} rows.`,
    remedy: "Name the columns with --text and --label, or take a file with these labels.",
  });
}
