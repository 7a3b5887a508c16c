/**
 * The fields that can be automatic: they are computed from model and data until a person sets them. `pooling` is never one
 * of them: the export must load as the family's class with a head.
 */
export const automaticFields = [
  "learningRate",
  "batchSize",
  "epochs",
  "earlyStopping",
  "maxLength",
  "warmupShare",
  "classWeights",
  "evaluationsPerEpoch",
  "headStart",
  "loraTargets",
] as const;

export type AutomaticField = (typeof automaticFields)[number];

export function isAutomaticField(name: string): name is AutomaticField {
  return automaticFields.some((field) => field === name);
}
