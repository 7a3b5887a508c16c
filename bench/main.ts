import { parseArgs } from "node:util";
import { benchPage } from "./page-bench.ts";
import { sst2Rows } from "./sst2.ts";
import { benchStep } from "./step-bench.ts";

const USAGE = `npm run -s bench -- --only step|page [--sst2 FILE]

Prints one JSON object on standard output; progress goes to standard error.

  --only step    one training step of ours against stock tfjs-webgpu, and rows as they are against the same padded
  --only page    the longest task of the page's main thread while a run trains with 20,000 points on the charts
  --sst2 FILE    SST-2's train.tsv: 16 of its rows take the place of random ids of their lengths (step)`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    sst2: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const log = (line: string) => console.error(line);

async function measured() {
  if (values.only === "page") return benchPage(log);
  return benchStep(log, values.sst2 === undefined ? null : sst2Rows(values.sst2));
}

if (values.help || (values.only !== "step" && values.only !== "page")) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
try {
  const result = await measured();
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
