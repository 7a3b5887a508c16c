import { deviceTensor } from "../ops/device-tensor.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { checkFinite, type WeightSource } from "./checkpoint.ts";
import type { BertConfig } from "./config.ts";
import { classifierNames } from "./layout.ts";

/** Names of the classifier of an earlier task, beside the new one over the same pooler; in no checkpoint. */
export const earlierNames = {
  weight: `earlier.${classifierNames.weight}`,
  bias: `earlier.${classifierNames.bias}`,
};

/**
 * Reads the checkpoint's own classifier, all of its classes in their order, as that of an earlier task. Throws a
 * Problem where there is none or it has other sizes than config.json says.
 */
export async function loadEarlierClassifier(
  config: BertConfig,
  source: WeightSource,
  classes: number,
): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  try {
    for (const which of ["weight", "bias"] as const) {
      const shape = which === "weight" ? [classes, config.hiddenSize] : [classes];
      const found = source.tensors.get(classifierNames[which])?.shape;
      if (found?.length !== shape.length || found.some((size, i) => size !== shape[i]))
        throw noClassifier(found, shape);
      const values = await source.read(classifierNames[which]);
      checkFinite(values, classifierNames[which]);
      const name = earlierNames[which];
      const value = deviceTensor(values, shape);
      parameters.push({
        name,
        parts: [name],
        decays: which === "weight",
        level: config.layers + 1,
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
