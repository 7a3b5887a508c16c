/**
 * Makes the recorded runs of tasks other than one class for each text; see runs/README.md.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { otherRuns } from "./other-runs.ts";

const DIGITS = 3;
/** What differs from run to run, and figures that no rule reads. */
const left =
  /^(wallMs|parameters|trainableParameters|tokensPerEpoch|trainingMs|tokens|epoch|memory|.*RocAuc|rocAuc|averagePrecision|microAveragePrecision|weighted|samples|jaccard|residuals|kendall|spearman|pearson|explainedVariance)$/;

const [work, ...wanted] = process.argv.slice(2);
if (work === undefined) throw new Error("Usage: program.js WORK_FOLDER [NAME …]");
mkdirSync(work, { recursive: true });

for (const { name, task, table, recipe } of otherRuns) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const data = join(work, `${name}.${task === "token-classification" ? "jsonl" : "tsv"}`);
  writeFileSync(data, table().join("\n"));
  const sets = Object.entries(recipe).flatMap(([field, value]) => ["--set", `${field}=${JSON.stringify(value)}`]);
  const out = join(work, name);
  const given = ["--model", "public/starter", "--data", data, "--task", task, "--out", out, "--preset", "classic"];
  // Runs that are already there are not repeated.
  if (!existsSync(join(out, "report.json"))) {
    const command = ["run", "-s", "tabtune", "--", "fit", ...given, ...sets, "--backend", "wasm"];
    execFileSync("npm", command, { stdio: "inherit" });
  }
  const events = linesOf(join(out, "metrics.jsonl"));
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as { labelNames: string[] };
  const head = {
    ...{ type: "run", recipe, labelNames: report.labelNames, state: "finished" },
    data: { trainCounts: [], longerThan: null, mostTokens: 512, layers: 6 },
  };
  // Rules for these tasks read the last evaluation of all rows alone.
  const last = (type: string) => events.findLast((event) => event["type"] === type && event["scope"] !== "sample");
  const kept = [head, last("plan"), last("step"), last("evaluation")];
  const text = kept.map((line) => `${JSON.stringify(line, shortened)}\n`).join("");
  writeFileSync(`test/advice/runs/${name}.jsonl.gz`, gzipSync(text, { level: 9 }));
  console.error(`${name}: ${text.length} bytes`);
}

function linesOf(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Leaves out such fields, and digits. */
function shortened(key: string, value: unknown): unknown {
  if (left.test(key)) return undefined;
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}
