import * as v from "valibot";

/** A field of the recipe only does something while another field has a certain value. */
export type Condition = {
  /** Name of the other field. */
  field: string;
  /** It also does something where the earlier task is to fill in masked words of plain texts. */
  orHiddenWords?: true;
  /** It also does something in this task. */
  orTask?: string;
} & ({ is: string | number | null } | { not: string } | { among: readonly [string, ...string[]] } | { above: number });

/** What every entry of the table states, whatever its kind. */
interface Entry<Value> {
  /** Its name on the page. */
  label: string;
  /** One sentence: what it does. */
  what: string;
  /** Usual values, and when to leave them. */
  usual: string;
  /** Where the method or the habit comes from. */
  source: string;
  default: Value;
  /** The field has an effect only where all of these hold; always where there are none. */
  matters?: readonly Condition[];
  /** The baseline reads it too: it has an effect where the effort is “quick”. */
  readByBaseline?: true;
  /** Belongs to the data or the machine rather than to a way to train: a preset leaves it as it is. */
  ofTheData?: true;
}

interface Kind<Name extends string, Value> extends Entry<Value> {
  kind: Name;
  schema: v.GenericSchema<Value>;
}

/** The numbers that a field takes. */
interface Bounds {
  above?: number;
  from?: number;
  below?: number;
  upTo?: number;
  whole?: true;
  /** What is counted or measured, e.g. "rows". */
  unit?: string;
  /** A number that a person may type, as people write it. */
  example?: string;
}

interface NumberEntry<Value> extends Entry<Value>, Bounds {
  /** A value within the bounds that is refused, and the message for it. */
  refuses?: { value: number; because: string };
  /** Name, for screen readers, of a slider over powers of ten below the number; without it there is none. */
  slider?: { name: string };
}

/** What an empty field shows, and the value it then has. */
interface Empty {
  shown: string;
  takes: string;
}

/** A number; null where it may be left empty and is. */
interface NumberField<Value extends number | null> extends Kind<"number" | "share", Value> {
  /** What it takes, in its own units, as the end of “Enter …”. */
  wanted: string;
  /** The text shown while the field is empty; null where it must not be empty. */
  emptyText: string | null;
  example: number | null;
  refuses: { value: number; because: string } | null;
  slider: { name: string } | null;
}

/** One of a few values, with its label. */
interface Choice<Value extends string> {
  value: Value;
  label: string;
}

export interface ChoiceField<Value extends string> extends Kind<"choice", Value> {
  choices: readonly Choice<Value>[];
}

/** Some of a few values, at least one. */
interface ListField<Value extends string> extends Kind<"list", Value[]> {
  choices: readonly Choice<Value>[];
}

type SwitchField = Kind<"switch", boolean>;

/** Prefixes of parameter names, shown as the parts of the model. */
type LayersField = Kind<"layers", string[]>;

/** Rules that give each class a weight. */
export const weightRules = ["balanced", "effective"] as const;

/** A weight above 0 by label name, the name of a rule for them, or null for none. */
type WeightsField = Kind<"weights", (typeof weightRules)[number] | Record<string, number> | null>;

/** A field of any kind. */
export type Field =
  | NumberField<number>
  | NumberField<number | null>
  | ChoiceField<string>
  | ListField<string>
  | SwitchField
  | LayersField
  | WeightsField;

/** A number. */
export function number(entry: NumberEntry<number>): NumberField<number> {
  return numeric("number", entry);
}

/** A part of a whole: 1 is all of it. */
export function share(entry: NumberEntry<number> & { example: string }): NumberField<number> {
  return numeric("share", entry);
}

/** A number that may be left empty, which is null in the recipe. */
export function numberOrEmpty(entry: NumberEntry<number | null> & { empty: Empty }): NumberField<number | null> {
  return emptiable("number", entry);
}

/** A share that may be left empty, which is null in the recipe. */
export function shareOrEmpty(
  entry: NumberEntry<number | null> & { empty: Empty; example: string },
): NumberField<number | null> {
  return emptiable("share", entry);
}

/** One of a few values. */
export function choice<const Value extends string>(
  entry: Entry<NoInfer<Value>> & { choices: readonly Choice<Value>[] },
): ChoiceField<Value> {
  return { ...entry, kind: "choice", schema: v.picklist(entry.choices.map(({ value }) => value)) };
}

/** Some of a few values, at least one. */
export function list<const Value extends string>(
  entry: Entry<NoInfer<Value>[]> & { choices: readonly Choice<Value>[] },
): ListField<Value> {
  const one = v.picklist(entry.choices.map(({ value }) => value));
  return { ...entry, kind: "list", schema: v.pipe(v.array(one), v.minLength(1)) };
}

/** On or off. */
export function onOff(entry: Entry<boolean>): SwitchField {
  return { ...entry, kind: "switch", schema: v.boolean() };
}

export function layers(entry: Entry<string[]>): LayersField {
  return { ...entry, kind: "layers", schema: v.array(v.pipe(v.string(), v.minLength(1))) };
}

export function weightsByClass(entry: Entry<WeightsField["default"]>): WeightsField {
  return { ...entry, kind: "weights", schema: v.nullable(v.union([v.picklist(weightRules), weightsByName])) };
}

/**
 * An object of positive numbers. Valibot's own record leaves out keys such as "constructor" and "__proto__", which
 * labels can be called.
 */
const weightsByName = v.pipe(
  v.custom<Record<string, number>>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((weight) => typeof weight === "number"),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const [key, value] of Object.entries(input)) {
      if (value > 0 && Number.isFinite(value)) continue;
      const path = [{ type: "object", origin: "value", input, key, value }] as const;
      addIssue({ message: "not above 0", expected: ">0", received: String(value), path: [...path] });
    }
  }),
);

function numeric<Value extends number | null>(
  kind: "number" | "share",
  entry: NumberEntry<Value>,
): Omit<NumberField<Value>, "schema"> & { schema: v.GenericSchema<number> } {
  const { label, what, usual, source, matters, readByBaseline, ofTheData, example, refuses, slider } = entry;
  return {
    ...{ label, what, usual, source, default: entry.default },
    ...(matters && { matters }),
    ...(readByBaseline && { readByBaseline }),
    ...(ofTheData && { ofTheData }),
    kind,
    schema: v.pipe(
      v.number(),
      v.check((value) => holds(value, entry) && value !== refuses?.value),
    ),
    wanted: `${kind === "share" ? "a share" : nounOf(entry)} ${rangeOf(entry)}${exampleOf(kind, example)}`,
    emptyText: null,
    example: example === undefined ? null : Number(example),
    refuses: refuses ?? null,
    slider: slider ?? null,
  };
}

function emptiable(
  kind: "number" | "share",
  { empty, ...entry }: NumberEntry<number | null> & { empty: Empty },
): NumberField<number | null> {
  const field = numeric(kind, entry);
  return {
    ...field,
    schema: v.nullable(field.schema),
    wanted: `${field.wanted}, or leave it empty to take ${empty.takes}`,
    emptyText: empty.shown,
  };
}

function holds(value: number, { above, from, below, upTo, whole }: Bounds): boolean {
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) return false;
  return (
    value > (above ?? -Infinity) &&
    value >= (from ?? -Infinity) &&
    value < (below ?? Infinity) &&
    value <= (upTo ?? Infinity)
  );
}

function nounOf({ whole, unit }: Bounds): string {
  return `a ${whole ? "whole " : ""}number${unit ? ` of ${unit}` : ""}`;
}

/** “above 0 and up to 1,000”, “from 0 to below 1”, “from 0 up”. */
function rangeOf({ above, from, below, upTo }: Bounds): string {
  const text = (bound: number) => bound.toLocaleString("en-US");
  const low = above !== undefined ? `above ${text(above)}` : `from ${text(from ?? 0)}`;
  const high = below !== undefined ? `below ${text(below)}` : upTo !== undefined ? text(upTo) : null;
  if (high === null) return above !== undefined ? low : `${low} up`;
  if (above === undefined) return `${low} to ${high}`;
  return `${low} and ${below !== undefined ? high : `up to ${high}`}`;
}

function exampleOf(kind: "number" | "share", example: string | undefined): string {
  if (example === undefined) return "";
  return kind === "share" ? `; write ${Number(example) * 100} % as ${example}` : `, for example ${example}`;
}
