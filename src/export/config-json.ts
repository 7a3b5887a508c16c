import { tokenClassName } from "../families/token-config.ts";
import type { Family } from "../families/family.ts";
import type { WeightDtype } from "../io/safetensors-write.ts";
import type { Pooling } from "../model/config.ts";
import { textFieldsOn, type TextSteps } from "../recipe/cleaning-steps.ts";
import { picked } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import type { Reading } from "./reading-text.ts";
import { isObject } from "../io/json-object.ts";

/** What config.json states about the trained model. */
interface ConfigFacts {
  task: TrainedTask;
  family: Family;
  /** Class names in order of class index. */
  labelNames: readonly string[];
  dtype: WeightDtype;
  /**
   * What the classifier reads of a row. The classifier of transformers knows only the pooler, so any other is named in a
   * field of our own and the folder called what transformers can truly load, an encoder.
   */
  pooling: Pooling;
  /** How long texts are read, which no class of transformers does by itself unless they are cut. */
  reading: Reading;
  /** What is done to texts before they are read, which no class of transformers does. */
  cleaning: TextSteps;
}

/** Fields for which transformers 5 refuses a number without a point. */
const FLOATS =
  /("(?:initializer_range|initializer_cutoff_factor|layer_norm_eps|norm_eps|(?:global_|local_)?rope_theta)": \d+)(?=,?\n)/g;

/**
 * config.json of a classifier: the checkpoint's own configuration with head, labels and dtype set.
 * Both names of the dtype are written: transformers 4 reads `torch_dtype`, 5 reads `dtype`, and loads by it.
 *
 * @param baseConfig parsed config.json of the checkpoint that was trained
 */
export function configJson(
  baseConfig: unknown,
  { task, family, labelNames, dtype, pooling, reading, cleaning }: ConfigFacts,
): string {
  const base = isObject(baseConfig) ? { ...baseConfig } : {};
  // The place the checkpoint came from; the exported weights are others.
  delete base._name_or_path;
  // The task says what problem its head has.
  delete base.problem_type;
  delete base.tabtune;
  const { maxLength, longTexts, windowOverlap } = reading;
  const readsRows = task.asks !== "words";
  const ofRows = pooling === "pooler" ? family.classes.classifier : family.classes.encoder;
  const architecture = readsRows ? ofRows : tokenClassName(family);
  const cleaned = textFieldsOn(cleaning);
  const own = {
    ...(readsRows && pooling !== "pooler" && { pooling }),
    ...(longTexts !== "cut" && { maxLength, longTexts, windowOverlap }),
    ...(readsRows && cleaned.length > 0 && { cleaning: picked(cleaning, cleaned) }),
    ...task.tabtuneConfig?.(labelNames),
  };
  const config = {
    ...base,
    ...family.exportedFields?.(base),
    architectures: [architecture],
    model_type: family.type,
    ...task.config(labelNames),
    torch_dtype: dtype,
    dtype,
    ...(Object.keys(own).length > 0 && { tabtune: own }),
  };
  // A whole number that transformers holds as a float gets its point back, which JSON's numbers do not keep here.
  return `${JSON.stringify(config, null, 2).replace(FLOATS, "$1.0")}\n`;
}
