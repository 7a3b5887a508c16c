import { backendOption } from "../src/cli/options.ts";
import { benchPage, pagePage } from "./page-bench.ts";
import { benchPlan, planPage } from "./plan-bench.ts";
import { section, type AnySection } from "./section.ts";
import { sst2Rows } from "./sst2.ts";
import { benchStep, stepPage } from "./step-bench.ts";
import { benchTokenize, tokenizePage } from "./tokenize-bench.ts";

/** Every measurement by its name, in the order of the page. */
export const sections: Record<string, AnySection> = {
  step: section({
    about: "one training step of MiniLM's shape: ours against stock tfjs-webgpu, and rows padded and not",
    measure: (log, { sst2 }) => benchStep(log, sst2 === null ? null : sst2Rows(sst2)),
    page: stepPage,
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
  tokenize: section({
    about: "tokens a second in Node and through the page's workers, and what the page holds of 1,000,000 rows",
    measure: (log) => benchTokenize(log),
    page: tokenizePage,
  }),
};
