import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";

const bare = (name: string) => name.replace(/^bert\./, "");

/**
 * The parameters that train: all but those that never do, and those with a frozen prefix ("embeddings.",
 * "bert.encoder.layer.0.").
 * Throws a Problem for a prefix that matches nothing or only a part of a packed weight, and when nothing is left.
 */
export function trainableParameters(parameters: readonly Parameter[], frozen: readonly string[]): Set<Parameter> {
  for (const prefix of frozen) checkPrefix(prefix, parameters);
  const isFrozen = (part: string) => frozen.some((prefix) => bare(part).startsWith(bare(prefix)));
  const trainable = parameters.filter(({ parts, frozen: never = false }) => {
    if (never) return false;
    const count = parts.filter(isFrozen).length;
    if (count > 0 && count < parts.length) {
      throw new Problem({
        found: `The recipe freezes ${parts.filter(isFrozen).join(" and ")} but not ${parts.filter((part) => !isFrozen(part)).join(" and ")}.`,
        expected: "Query, key and value of a layer are one weight here and freeze together.",
        remedy: "Freeze “encoder.layer.N.attention.self.” as a whole.",
      });
    }
    return count === 0;
  });
  if (trainable.length === 0) {
    throw new Problem({
      found: "The recipe freezes every parameter.",
      expected: "At least one parameter was expected to train.",
      remedy: "Remove a prefix from “frozen”.",
    });
  }
  return new Set(trainable);
}

function checkPrefix(prefix: string, parameters: readonly Parameter[]): void {
  if (parameters.some(({ parts }) => parts.some((part) => bare(part).startsWith(bare(prefix))))) return;
  throw new Problem({
    found: `The recipe freezes “${prefix}”.`,
    expected: "No parameter of this model begins so.",
    remedy: "Use prefixes such as “embeddings.” or “encoder.layer.0.”.",
  });
}
