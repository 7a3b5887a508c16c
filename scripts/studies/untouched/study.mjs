// The study of docs/untouched.md: the untouched run beside a grid of rates and epochs, the former defaults and the probe.
//
//   node scripts/studies/untouched/study.mjs --data DATASETS --work FOLDER [--sets a,b] [--sizes 100,500] [--seeds 1,2,3]
//     [--model DIR] [--threads 2]
//
// Each run is a line of docs/untouched.jsonl, and one that is there is not made again. The page is written after each.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { linesOf, tabtune } from "../run.mjs";
import { pageOf } from "./page.mjs";
import { drawn, optionsOf, settingsOf } from "./sets.mjs";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    work: { type: "string" },
    sets: { type: "string", default: "sms,sst2,banking6,banking77,airline,bbc,sick,sick-score,goemotions" },
    sizes: { type: "string", default: "100,500" },
    seeds: { type: "string", default: "1,2,3" },
    ways: { type: "string", default: "probe,untouched,other head,classic,grid" },
    model: { type: "string", default: "public/starter" },
    threads: { type: "string", default: "2" },
    page: { type: "boolean", default: false },
  },
});

const results = "docs/untouched.jsonl";
const rates = [3e-5, 1e-4, 3e-4, 1e-3];
const epochs = [4, 12];

/** The arguments of each way to run. @type {Record<string, string[]>} */
const ways = {
  probe: ["--steps", "1"],
  untouched: [],
  "2e-4": ["--set", "learningRate=2e-4"],
  "3e-4": ["--set", "learningRate=3e-4"],
  classic: ["--preset", "classic"],
  ...Object.fromEntries(
    epochs.flatMap((count) =>
      rates.map((rate) => [
        `${rate}×${count}`,
        ["--set", `learningRate=${rate}`, "--set", `epochs=${count}`, "--set", "headStart=random"],
      ]),
    ),
  ),
};

const known = () => linesOf(results);

/** What a report says that the page shows; the score of a set is macro F1, micro average precision or Pearson's r. @param {any} report */
function scoresOf({ rows, macro, accuracy, confusion, microAveragePrecision, pearson }) {
  if (pearson !== undefined) return { score: pearson, rows };
  if (microAveragePrecision !== undefined) return { score: microAveragePrecision, rows };
  return { score: macro.f1, accuracy, rows, confusion };
}

/** How the head would start that does not so by itself. @param {string} set */
const otherHead = (set) => ["--set", `headStart=${optionsOf[set]?.includes("--pair") ? "probe" : "random"}`];

/** @param {string} set @param {number} size @param {number} seed @param {string} way */
function measure(set, size, seed, way) {
  const folder = join(values.work ?? "", `${set}-${size}-${seed}`);
  mkdirSync(folder, { recursive: true });
  const files = drawn(set, values.data ?? "", size, seed);
  const path = (/** @type {string} */ name) => join(folder, `${name}.csv`);
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  const out = join(folder, "run");
  rmSync(out, { recursive: true, force: true });
  const columns = ["--text", "text", "--label", "label", ...(optionsOf[set] ?? [])];
  // The probe learns from the training rows alone, so that it may be scored on the test rows at once.
  const valid = path(way === "probe" ? "test" : "valid");
  const began = performance.now();
  const seeded = ["--set", `seed=${seed}`];
  // A run beside the grid's needs none; an untouched one tells which of the two is offered.
  const own = ["probe", "untouched"].includes(way) ? [] : ["--set", "baseline=false"];
  tabtune(
    [
      ...["fit", "--model", values.model, "--data", path("train"), "--valid", valid, ...columns, "--out", out],
      ...(way === "other head" ? otherHead(set) : (ways[way] ?? [])),
      ...(settingsOf[set] ?? []),
      ...seeded,
      ...own,
    ],
    values.threads,
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
  const recipe = JSON.parse(readFileSync(join(out, "model/recipe.json"), "utf8"));
  const { learningRate, epochs: count, batchSize, maxLength } = recipe;
  const shared = { set, size, seed, way, seconds, learningRate, epochs: count, batchSize, maxLength };
  if (way === "probe") return { ...shared, test: scoresOf(report.baseline), l2: report.baseline.l2 };
  const model = join(out, "model");
  const tested = tabtune(["evaluate", "--model", model, "--data", path("test"), ...columns], values.threads);
  const { against } = report.baseline ?? {};
  const offered = against && { baseline: scoresOf(report.baseline).score, better: against.better };
  return {
    ...shared,
    ...offered,
    valid: scoresOf(report).score,
    step: report.step,
    test: scoresOf(JSON.parse(tested)),
  };
}

const numbers = (/** @type {string} */ list) => list.split(",").map(Number);
const chosen = values.ways
  .split(",")
  .flatMap((way) => (way === "grid" ? Object.keys(ways).filter((name) => name.includes("×")) : [way]));

if (!values.page) {
  for (const seed of numbers(values.seeds)) {
    for (const size of numbers(values.sizes)) {
      for (const set of values.sets.split(",")) {
        for (const way of chosen) {
          const isKnown = known().some(
            (one) => one.set === set && one.size === size && one.seed === seed && one.way === way,
          );
          if (isKnown) continue;
          console.error(`\n${set}, ${size} rows, seed ${seed}: ${way}`);
          appendFileSync(results, `${JSON.stringify(measure(set, size, seed, way))}\n`);
          writeFileSync("docs/untouched.md", pageOf(known()));
        }
      }
    }
  }
}
writeFileSync("docs/untouched.md", pageOf(known()));
