import type { AdapterFacts } from "../export/adapter.ts";
import { canonicalName, poolerNames } from "../model/layout.ts";
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
  if (recipe.pooling !== "pooler") {
    throw new Problem({
      found: `The classifier reads rows by the pooling “${recipe.pooling}”.`,
      expected: "PEFT puts an adapter into transformers' own classifier, which reads BERT's pooler.",
      remedy: "Take the merged weights, or train again with the pooling “pooler”.",
    });
  }
  const { tensors } = opened.files.weights;
  const hasPooler = [...tensors.keys()].some((name) => canonicalName(name) === poolerNames.weight);
  return {
    rank,
    alpha,
    dropout,
    targetModules: loraTargets.flatMap((target) => modulesOf(target, opened.config.layers)),
    // A pooler that the checkpoint does not have would start from other random numbers wherever it is loaded.
    wholeModules: hasPooler ? ["classifier"] : ["classifier", "pooler"],
  };
}

/** PEFT takes a name for every module whose name ends so. */
function modulesOf(target: Recipe["loraTargets"][number], layers: number): string[] {
  switch (target) {
    case "query":
    case "key":
    case "value":
      return [target];
    case "attentionOutput":
      return ["attention.output.dense"];
    case "intermediate":
      return ["intermediate.dense"];
    case "output":
      // "output.dense" alone would be the end of "attention.output.dense" too.
      return Array.from({ length: layers }, (_, layer) => `layer.${layer}.output.dense`);
  }
}
