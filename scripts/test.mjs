// npm test: installs what is missing, then runs every check and every test.
//   npm test                                 everything
//   npm run test:long                        what takes longer instead, see test/stages.mjs
//   npm test -- --only node                  one stage (several: --only types,lint)
//   npm test -- --without webkit             all stages but these
//   npm test -- --at-once 1                  one stage at a time, as the long ones run; else two
//   npm test -- --only node -- test/io       arguments after the second -- go to the stage's command
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "./machine/free-port.mjs";
import { ensureDependencies } from "./machine/install.mjs";
import { longStages, testStages } from "./test/stages.mjs";
import { runStages } from "./test/run-stages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values, positionals } = parseArgs({
  options: {
    only: { type: "string" },
    without: { type: "string", default: "" },
    long: { type: "boolean", default: false },
    reports: { type: "string", default: "out" },
    "at-once": { type: "string" },
  },
  allowPositionals: true,
});

const place = { root, reports: values.reports, port: await freePort() };
const stages = values.long ? longStages(place) : testStages(place);
const wanted = values.only?.split(",") ?? stages.map(({ name }) => name);
const unwanted = values.without.split(",").filter((name) => name !== "");
const unknown = [...wanted, ...unwanted].filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(", ")}. Stages: ${stages.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const chosen = stages.filter(({ name }) => wanted.includes(name) && !unwanted.includes(name));
// The long stages measure memory, or take both cores by themselves.
const atOnce = Number(values["at-once"] ?? (values.long ? 1 : Math.min(2, availableParallelism())));
if (!(atOnce >= 1)) {
  console.error(`--at-once ${values["at-once"]} is no number of stages.`);
  process.exit(2);
}
try {
  ensureDependencies(root);
  const { failed } = await runStages(
    chosen.map((stage) => ({ ...stage, command: [...stage.command, ...positionals] })),
    root,
    { atOnce },
  );
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
