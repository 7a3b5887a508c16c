import type { ModelConfig } from "../model/config.ts";
import { bothOf, pair, type ParameterNames } from "../model/names.ts";
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

/** The class of transformers whose head labels tokens. Throws where the family has none. */
export function tokenClassName({ classes, label }: Family): string {
  const found = classes.others.find((name) => name.endsWith("TokenClassification"));
  if (found === undefined) throw new Error(`${label} has no classifier of tokens.`);
  return found;
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
