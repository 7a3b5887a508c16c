import type { AdapterFacts } from "../export/adapter.ts";
import type { LowRankOptions } from "../model/low-rank.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "./open-model.ts";

/** LoRA as the recipe wants it, or null where the weights themselves train. */
export function lowRankOf(recipe: Recipe): LowRankOptions | null {
  const { loraRank: rank, loraAlpha: alpha, loraTargets: targets, seed } = recipe;
  return rank === 0 ? null : { rank, alpha, targets, seed };
}

/**
 * What a PEFT folder of this run says. Throws a Problem where there is no adapter: without LoRA, where other
 * weights than LoRA's are not the checkpoint's, or where transformers has no classifier that pools as the recipe does.
 */
export function adapterFactsOf(recipe: Recipe, opened: OpenedModel): AdapterFacts {
  const { asksTokens = false } = opened.config;
  const { loraRank: rank, loraAlpha: alpha, loraDropout: dropout, loraTargets } = recipe;
  if (rank === 0) {
    throw new Problem({
      found: "The run trained the weights themselves: its LoRA rank is 0.",
      expected: "An adapter was expected to have been trained with LoRA.",
      remedy: "Take the merged weights, or train again with a LoRA rank above 0.",
    });
  }
  if (recipe.start !== "checkpoint" || recipe.reinitializeLayers > 0) {
    throw new Problem({
      found: "Some weights under the adapter started from random numbers.",
      expected: "An adapter was expected to stand beside the checkpoint's own weights, which it does not hold.",
      remedy: "Take the merged weights.",
    });
  }
  if (!asksTokens && recipe.pooling !== "pooler") {
    throw new Problem({
      found: `The classifier reads rows by the pooling “${recipe.pooling}”.`,
      expected: "PEFT puts an adapter into transformers' own classifier, which reads the pooler.",
      remedy: "Take the merged weights, or train again with the pooling “pooler”.",
    });
  }
  const { config, summary } = opened;
  const { adapter } = opened.family;
  const { pooler, classifier } = adapter;
  const hasOther = asksTokens && config.pooling !== "pooler";
  const trainsPooler = config.trainsBesideLowRank.includes("pooler");
  return {
    rank,
    alpha,
    dropout,
    targetModules: loraTargets.flatMap((target) => adapter.targets(target, config.layers)),
    // A pooler that the checkpoint does not have would start from other random numbers wherever it is loaded.
    // In some families one module holds both parts.
    // The classifier of tokens reads through it in few.
    wholeModules: [...new Set(hasOther || (summary.hasPooler && !trainsPooler) ? [classifier] : [classifier, pooler])],
  };
}
