import { backendOption } from "../src/cli/options.ts";
import { benchBrowser, browserPage } from "./sections/browser.ts";
import { benchBertBase, bertBasePage } from "./sections/bert-base/bert-base.ts";
import { benchClasses, classesPage } from "./sections/classes/classes.ts";
import { benchEndurance, endurancePage } from "./sections/endurance.ts";
import { benchFamilies, familiesPage } from "./sections/families/families.ts";
import { benchWindows, windowsPage } from "./sections/families/windows.ts";
import { benchGpu, gpuPage } from "./sections/gpu.ts";
import { benchGrowth, growthPage } from "./sections/growth/growth.ts";
import { baseStep, benchLarger, largerPage, longStep, type LargerBench } from "./sections/larger.ts";
import { benchMap, mapPage } from "./sections/map.ts";
import { benchOps, opsPage } from "./sections/ops/ops.ts";
import { benchPage, pagePage } from "./sections/page.ts";
import { benchPlan, planPage } from "./sections/plan.ts";
import { benchPlanning, planningPage } from "./sections/planning.ts";
import { section, type AnySection } from "./runner/section.ts";
import { sst2Rows } from "./inputs/sst2.ts";
import { benchStep, stepPage } from "./sections/step/step.ts";
import { benchTable, tablePage } from "./sections/table.ts";
import { benchTorch, torchPage } from "./sections/torch.ts";
import { benchTokenize, tokenizePage } from "./sections/tokenize.ts";
import { benchWasm, wasmPage } from "./sections/wasm.ts";

/** Every measurement by its name, in the order of the page. */
export const sections: Record<string, AnySection> = {
  step: section({
    about: "one training step of MiniLM's shape on webgpu: ours against stock tfjs-webgpu and jax-js",
    measure: (log, { sst2 }) => benchStep(log, sst2 === null ? null : sst2Rows(sst2)),
    page: stepPage,
  }),
  "step-long": section({
    about: "a step of MiniLM's shape on 16 rows of 128 tokens: ours against jax-js",
    measure: (log) => benchLarger(log, longStep),
    page: (result: LargerBench) => largerPage(longStep, result),
  }),
  "step-base": section({
    about: "a step of BERT-base on 4 rows of 32 tokens: ours against stock tfjs and jax-js",
    measure: (log) => benchLarger(log, baseStep),
    page: (result: LargerBench) => largerPage(baseStep, result),
  }),
  torch: section({
    about: "the same step on the processor: ours on wasm against PyTorch, where there is a Python with it",
    measure: (log, { sst2, threads }) =>
      benchTorch(log, sst2 === null ? null : sst2Rows(sst2), threads === null ? undefined : [threads]),
    page: torchPage,
  }),
  wasm: section({
    about: "the same step on wasm in Node, one thread unless --threads: ours against stock tfjs-wasm",
    measure: (log, { sst2, threads }) => benchWasm(log, sst2 === null ? null : sst2Rows(sst2), threads ?? 1),
    page: wasmPage,
  }),
  browser: section({
    about: "the same step in Chromium: ours and stock tfjs on wasm with threads, and ours on webgpu",
    measure: (log, { sst2 }) => benchBrowser(log, sst2 === null ? null : sst2Rows(sst2)),
    page: browserPage,
  }),
  ops: section({
    about: "every dispatch of one training step of MiniLM's shape: time, work, and share of the adapter's peaks",
    measure: (log) => benchOps(log),
    page: opsPage,
  }),
  gpu: section({
    about:
      "what this adapter can do, piece by piece, in at most 20 minutes: waits, peaks, every tile, ops, whole steps",
    measure: (log, { where }) => benchGpu(log, where),
    page: gpuPage,
  }),
  growth: section({
    about: "how a step grows with tokens, layers and hidden size, and the way to the first step with the rows",
    measure: (log) => benchGrowth(log),
    page: growthPage,
  }),
  families: section({
    about: "a step of every family at equal sizes on wasm and webgpu: time and memory beside BERT's",
    measure: (log, { backend }) => benchFamilies(log, backendOption(backend)),
    page: familiesPage,
  }),
  windows: section({
    about: "ModernBERT on rows of 256 to 2,048 tokens on wasm, with its windows and without: time and memory",
    measure: (log) => benchWindows(log),
    page: windowsPage,
  }),
  "bert-base": section({
    about: "a checkpoint of 110 M parameters from file to exported file, in Node and on the page: memory and time",
    measure: (log) => benchBertBase(log),
    page: bertBasePage,
  }),
  page: section({
    about: "the longest task of the page's main thread while a run trains with 20,000 points on the charts",
    measure: (log) => benchPage(log),
    page: pagePage,
  }),
  table: section({
    about:
      "work in a table of 100,000 rows: answers of searches, filters and sorts, and the main thread while it scrolls",
    measure: (log) => benchTable(log),
    page: tablePage,
  }),
  map: section({
    about: "20,000 rows on the map of the results: drawing, a lasso, UMAP, and the main thread's longest task",
    measure: (log) => benchMap(log),
    page: mapPage,
  }),
  classes: section({
    about: "runs of 1,000 to 10,000 classes: time, memory, files, the page; and a table of 50,000 rows opened on it",
    measure: (log) => benchClasses(log),
    page: classesPage,
  }),
  plan: section({
    about: "memory and time of a dozen runs on webgpu and wasm: the plan's estimates beside the measured values",
    measure: (log, { backend }) => benchPlan(log, backendOption(backend)),
    page: planPage,
  }),
  planning: section({
    about: "how long it takes to plan the memory of a run of BERT-base, with the search for what fits",
    measure: (log) => benchPlanning(log),
    page: planningPage,
  }),
  endurance: section({
    about: "what a tiny model's run of thousands of steps comes to hold: 20,000 on wasm, 6,000 on webgpu",
    measure: (log) => benchEndurance(log),
    page: endurancePage,
  }),
  tokenize: section({
    about: "tokens per second in Node and through the page's workers, and what the page holds of 1,000,000 rows",
    measure: (log) => benchTokenize(log),
    page: tokenizePage,
  }),
};
