import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { begins, beginsAny, splitsLayers } from "../recipe/frozen-prefixes.ts";

/**
 * The parameters that train: all but those that never do, and those with a frozen prefix (see `begins`). Throws a Problem for a prefix that matches nothing, only a part of a packed weight or some of the layers that share one, and
 * when nothing is left.
 */
export function trainableParameters(parameters: readonly Parameter[], frozen: readonly string[]): Set<Parameter> {
  for (const prefix of frozen) checkPrefix(prefix, parameters);
  const trainable = parameters.filter((parameter) => {
    if (parameter.frozen) return false;
    if (splitsLayers(frozen, parameter)) throw sharedLayers(parameter);
    const { parts, role } = parameter;
    const isFrozen = (part: string) => frozen.some((prefix) => begins(prefix, part, parameter));
    const count = parts.filter(isFrozen).length;
    if (count > 0 && count < parts.length) {
      throw new Problem({
        found: `The recipe freezes ${parts.filter(isFrozen).join(" and ")} but not ${parts.filter((part) => !isFrozen(part)).join(" and ")}.`,
        expected: "Query, key and value of a layer are one weight here and freeze together.",
        remedy: `Freeze “${role.replace(/[^.]*$/, "")}” as a whole.`,
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

function sharedLayers({ layers = [] }: Parameter): Problem {
  return new Problem({
    found: `The recipe freezes some of the layers ${layers[0]} to ${layers.at(-1)} and not the others.`,
    expected: "These layers share their weights, and freeze together.",
    remedy: "Freeze all of them, for instance with “encoder.”, or none.",
  });
}

function checkPrefix(prefix: string, parameters: readonly Parameter[]): void {
  if (parameters.some((parameter) => beginsAny(prefix, parameter))) return;
  throw new Problem({
    found: `The recipe freezes “${prefix}”.`,
    expected: "No parameter of this model begins so.",
    remedy: "Use prefixes such as “embeddings.” or “encoder.layer.0.”.",
  });
}
