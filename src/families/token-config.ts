import type { ModelConfig } from "../model/config.ts";
import { bothOf, pair, type ParameterNames } from "../model/names.ts";
import { Problem } from "../problem/problem.ts";
import type { Family } from "./family.ts";

/**
 * What to build for a classifier of tokens, from what is built for one of texts: its head reads each token, through one
 * linear layer unless the family has more.
 */
export function tokenConfig(family: Family, config: ModelConfig): ModelConfig {
  const { classifier, dropout, readsThroughHead = false } = family.tokenHead ?? {};
  return {
    ...config,
    asksTokens: true,
    names: tokenNames(config.names, classifier),
    // With "cls" the classifier is all of the head.
    pooling: readsThroughHead ? "pooler" : "cls",
    ...(dropout === "hidden" && { classifierDropout: config.hiddenDropout }),
    trainsBesideLowRank: ["classifier"],
  };
}

/** The class of transformers whose head labels tokens. Throws a Problem where the family has none. */
export function tokenClassName({ classes, label }: Pick<Family, "classes" | "label">): string {
  const found = classes.others.find((name) => name.endsWith("TokenClassification"));
  if (found !== undefined) return found;
  throw new Problem({
    found: `transformers has no classifier of tokens for ${label}, so that a model that labels words could not be exported.`,
    expected: "A family with a classifier of tokens was expected.",
    remedy: "Take a checkpoint of another family, such as BERT.",
  });
}

/** A family's names with those of its classifier of tokens; of the other head's tensors none is then known. */
function tokenNames(names: ParameterNames, classifier: string | undefined): ParameterNames {
  if (classifier === undefined) return names;
  const own = bothOf(pair(classifier));
  const others = bothOf(pair(names.classifier));
  return {
    ...names,
    classifier,
    canonical(stored) {
      if (own.includes(stored)) return stored;
      const name = names.canonical(stored);
      return name !== null && others.includes(name) ? null : name;
    },
  };
}
