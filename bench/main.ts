import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { threadsOption } from "../src/cli/options.ts";
import { saveResults } from "./runner/results.ts";
import { sections } from "./sections.ts";

const USAGE = `npm run -s bench [-- --only SECTION[,SECTION…]] [--write] [--sst2 FILE] [--backend B] [--threads N]
                [--where W]

Measures every section, each in a process of its own, writes bench/results.json and bench/RESULTS.md, and prints the
results as one JSON object on standard output; progress goes to standard error. On two cores without a GPU it takes
two hours.

  --only NAMES   these alone, comma-separated; nothing is written without --write
  --write        put what was measured into the two files, beside the other sections' older results
  --sst2 FILE    SST-2's train.tsv: its rows take the place of random ids of their lengths
  --backend B    where runs of ours go whose backend is free: auto (default), webgpu, wasm or cpu
  --threads N    threads of ours in the sections torch (default: 1 and 2) and wasm (default: 1)
  --where W      where section gpu measures: node (default), chromium, or browser, which prints an address to open

Sections:
${Object.entries(sections)
  .map(([name, { about }]) => `  ${name.padEnd(12)}   ${about}`)
  .join("\n")}`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    write: { type: "boolean", default: false },
    backend: { type: "string", default: "auto" },
    sst2: { type: "string" },
    threads: { type: "string" },
    where: { type: "string", default: "node" },
    help: { type: "boolean", default: false },
  },
});

const threads = values.threads === undefined ? null : threadsOption(values.threads);
const places = ["node", "chromium", "browser"] as const;
const where = places.find((place) => place === values.where);

/** Measures one section in this process. */
async function measure(name: string): Promise<unknown> {
  const log = (line: string) => console.error(line);
  const options = { sst2: values.sst2 ?? null, backend: values.backend, threads, where: where ?? "node" };
  return sections[name]?.measure(log, options);
}

/** Measures one section in a process of its own; null when it failed, which it has said on standard error. */
function measureApart(name: string): unknown {
  console.error(`\n=== ${name}`);
  const options = ["--only", name, "--backend", values.backend, "--where", values.where];
  if (values.sst2 !== undefined) options.push("--sst2", values.sst2);
  if (threads !== null) options.push("--threads", `${threads}`);
  const [node, program = ""] = process.argv;
  const child = spawnSync(node ?? "node", [program, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return child.status === 0 ? JSON.parse(child.stdout) : null;
}

async function main(): Promise<number> {
  const names = values.only?.split(",") ?? Object.keys(sections);
  const [first = ""] = names;
  if (values.help || !where || names.some((name) => !(name in sections))) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const alone = names.length === 1 && !values.write;
  const results = alone ? await measure(first) : Object.fromEntries(names.map((name) => [name, measureApart(name)]));
  if (!alone && (values.write || values.only === undefined)) saveResults(results as Record<string, unknown>);
  await new Promise((done) => process.stdout.write(`${JSON.stringify(results)}\n`, done));
  return !alone && Object.values(results as object).includes(null) ? 1 : 0;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
