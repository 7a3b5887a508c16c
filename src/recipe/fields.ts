import type { Field } from "./field-kinds.ts";
import { augmentation } from "./fields/augmentation.ts";
import { basics } from "./fields/basics.ts";
import { classes } from "./fields/classes.ts";
import { cleaning } from "./fields/cleaning.ts";
import { evaluation } from "./fields/evaluation.ts";
import { forgetting } from "./fields/forgetting.ts";
import { lora } from "./fields/lora.ts";
import { optimizer } from "./fields/optimizer.ts";
import { pretraining } from "./fields/pretraining.ts";
import { regularization } from "./fields/regularization.ts";
import { schedule } from "./fields/schedule.ts";
import { stopping } from "./fields/stopping.ts";
import { task } from "./fields/task.ts";
import { whatTrains } from "./fields/what-trains.ts";

/**
 * The table of all fields of the recipe, by name, in the order of the page and of the recipe file. Schema, defaults,
 * groups, help, controls of the page and the reference in the handbook come from it.
 */
export const fields = {
  ...basics.fields,
  ...task.fields,
  ...whatTrains.fields,
  ...lora.fields,
  ...pretraining.fields,
  ...schedule.fields,
  ...regularization.fields,
  ...forgetting.fields,
  ...stopping.fields,
  ...classes.fields,
  ...cleaning.fields,
  ...augmentation.fields,
  ...evaluation.fields,
  ...optimizer.fields,
};

type Fields = typeof fields;

/** The name of a field, as the recipe file has it. */
export type FieldName = keyof Fields;

/** The names of the fields of some kinds. */
export type FieldOfKind<Kind extends Field["kind"]> = {
  [Name in FieldName]: Fields[Name]["kind"] extends Kind ? Name : never;
}[FieldName];

/** Fields that are a number, or a number or nothing. */
export type NumberFieldName = FieldOfKind<"number" | "share">;

export function isField(name: string): name is FieldName {
  return Object.hasOwn(fields, name);
}

/** Whether a field is of one of the kinds. */
export function isOfKind<Kind extends Field["kind"]>(name: FieldName, ...kinds: Kind[]): name is FieldOfKind<Kind> {
  return kinds.some((kind) => fields[name].kind === kind);
}

const namesOf = (group: object) => Object.keys(group).filter(isField);

export const fieldNames: readonly FieldName[] = namesOf(fields);

/** The groups in the order of the page; the first is the one most people touch. */
export const fieldGroups: readonly { title: string; fields: readonly FieldName[] }[] = [
  basics,
  task,
  whatTrains,
  lora,
  pretraining,
  schedule,
  regularization,
  forgetting,
  stopping,
  classes,
  cleaning,
  augmentation,
  evaluation,
  optimizer,
].map(({ title, fields: group }) => ({ title, fields: namesOf(group) }));
