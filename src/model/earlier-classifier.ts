import { readTensorOf } from "../ops/device-tensor.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { checkFinite, type WeightSource } from "./checkpoint.ts";
import type { ModelConfig } from "./config.ts";
import { earlierRoles, pair } from "./names.ts";

/**
 * Reads the checkpoint's own classifier, with all of its classes in their order, as that of an earlier task. Throws a
 * Problem where there is none or it has other sizes than config.json says.
 */
export async function loadEarlierClassifier(
  config: ModelConfig,
  source: WeightSource,
  classes: number,
): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  const stored = pair(config.names.classifier);
  try {
    for (const which of ["weight", "bias"] as const) {
      const shape = which === "weight" ? [classes, config.hiddenSize] : [classes];
      const found = source.tensors.get(stored[which])?.shape;
      if (found?.length !== shape.length || found.some((size, i) => size !== shape[i]))
        throw noClassifier(found, shape);
      const value = await readTensorOf(shape, async () => {
        const values = await source.read(stored[which]);
        checkFinite(values, stored[which]);
        return values;
      });
      const name = earlierRoles[which];
      parameters.push({
        role: name,
        name,
        parts: [name],
        base: "",
        decays: which === "weight",
        level: config.layers + 1,
        ofHead: true,
        value,
        task: "earlier",
      });
    }
  } catch (error) {
    for (const { value } of parameters) value.dispose();
    throw error;
  }
  return parameters;
}

function noClassifier(found: readonly number[] | undefined, expected: readonly number[]): Problem {
  return new Problem({
    found: found
      ? `The checkpoint's classifier has the shape [${found.join(", ")}].`
      : "The checkpoint has no classifier, and an earlier task is given.",
    expected: `A classifier of the earlier task's classes was expected: [${expected.join(", ")}].`,
    remedy: "Take the checkpoint that was fine-tuned on the earlier task, or leave the earlier task out.",
  });
}
