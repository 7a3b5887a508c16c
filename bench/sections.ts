import { backendOption } from "../src/cli/options.ts";
import { benchBertBase, bertBasePage } from "./bert-base-bench.ts";
import { benchGrowth, growthPage } from "./growth-bench.ts";
import { benchOps, opsPage } from "./ops-bench.ts";
import { benchPage, pagePage } from "./page-bench.ts";
import { benchPlan, planPage } from "./plan-bench.ts";
import { section, type AnySection } from "./section.ts";
import { sst2Rows } from "./sst2.ts";
import { benchStep, stepPage } from "./step-bench.ts";

/** Every measurement by its name, in the order of the page. */
export const sections: Record<string, AnySection> = {
  step: section({
    about: "one training step of MiniLM's shape: ours against stock tfjs-webgpu, and rows padded and not",
    measure: (log, { sst2 }) => benchStep(log, sst2 === null ? null : sst2Rows(sst2)),
    page: stepPage,
  }),
  ops: section({
    about: "every dispatch of one training step of MiniLM's shape: time, work, and share of the adapter's peaks",
    measure: (log) => benchOps(log),
    page: opsPage,
  }),
  growth: section({
    about: "how a step grows with tokens, layers and hidden size, and the way to the first step with the rows",
    measure: (log) => benchGrowth(log),
    page: growthPage,
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
  plan: section({
    about: "memory and time of eight runs as the plan foretells them, and as they are",
    measure: (log, { backend }) => benchPlan(log, backendOption(backend)),
    page: planPage,
  }),
};
