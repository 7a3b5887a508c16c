import type { WeightDtype } from "../io/safetensors-write.ts";
import type { Pooling } from "../model/pooling.ts";
import { isObject } from "../tokenize/json-object.ts";

/**
 * config.json of a classifier: the checkpoint's own configuration with head, labels and dtype set.
 * Both names of the dtype are written: transformers 4 reads `torch_dtype`, 5 reads `dtype`, and loads by it.
 *
 * @param baseConfig parsed config.json of the checkpoint that was trained
 * @param labelNames class names in order of class index
 * @param pooling what the classifier sees of a row: `BertForSequenceClassification` knows the pooler alone, so that any
 * other is named in a field of our own and the folder called what transformers can truly load, an encoder
 */
export function configJson(
  baseConfig: unknown,
  labelNames: readonly string[],
  dtype: WeightDtype,
  pooling: Pooling,
): string {
  const base = isObject(baseConfig) ? { ...baseConfig } : {};
  // The place the checkpoint came from; the exported weights are others.
  delete base._name_or_path;
  delete base.tabtune;
  const config = {
    ...base,
    architectures: [pooling === "pooler" ? "BertForSequenceClassification" : "BertModel"],
    model_type: "bert",
    problem_type: "single_label_classification",
    num_labels: labelNames.length,
    id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
    torch_dtype: dtype,
    dtype,
    ...(pooling !== "pooler" && { tabtune: { pooling } }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
