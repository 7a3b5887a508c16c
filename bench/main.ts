import { parseArgs } from "node:util";
import { benchPage } from "./page-bench.ts";
import { backendOption } from "../src/cli/options.ts";
import { benchPlan } from "./plan-bench.ts";
import { sst2Rows } from "./sst2.ts";
import { benchStep } from "./step-bench.ts";

const USAGE = `npm run -s bench -- --only step|page|plan [--sst2 FILE] [--backend B]

Prints one JSON object on standard output; progress goes to standard error.

  --only step    one training step of ours against stock tfjs-webgpu, and rows as they are against the same padded
  --only page    the longest task of the page's main thread while a run trains with 20,000 points on the charts
  --only plan    memory and time of eight runs as the plan foretells them, and as they are
  --backend B    where those run: auto (default), webgpu, wasm or cpu
  --sst2 FILE    SST-2's train.tsv: 16 of its rows take the place of random ids of their lengths (step)`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    backend: { type: "string", default: "auto" },
    sst2: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const log = (line: string) => console.error(line);

async function measured() {
  if (values.only === "page") return benchPage(log);
  if (values.only === "plan") return benchPlan(log, backendOption(values.backend));
  return benchStep(log, values.sst2 === undefined ? null : sst2Rows(values.sst2));
}

if (values.help || !["step", "page", "plan"].includes(values.only ?? "")) {
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
