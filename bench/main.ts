import { parseArgs } from "node:util";
import { requireAdapter } from "./require-adapter.ts";
import { sst2Rows } from "./sst2.ts";
import { benchStep } from "./step-bench.ts";

const USAGE = `npm run -s bench -- --only step [--sst2 FILE]

Prints one JSON object on standard output; progress goes to standard error.

  --only step    one training step of ours against stock tfjs-webgpu, and rows as they are against the same padded
  --sst2 FILE    SST-2's train.tsv: 16 of its rows take the place of random ids of their lengths`;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "step" },
    sst2: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || values.only !== "step") {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
try {
  await requireAdapter();
  const rows = values.sst2 === undefined ? null : sst2Rows(values.sst2);
  const result = await benchStep((line) => console.error(line), rows);
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
