import * as v from "valibot";
import { poolings, type Pooling } from "../model/config.ts";
import { Problem } from "../problem/problem.ts";
import type { ConfigFile } from "./family.ts";

/** A whole number from 1. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));
/** More layers than any checkpoint has; a larger number would list tensors without end. */
export const layerCount = v.pipe(count, v.maxValue(1000));
/** A dropout rate. */
export const rate = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
export const activation = v.picklist(["gelu", "gelu_new", "relu"]);
/** Tabtune's own field: what the classifier reads of a row, where that is not what transformers' classifier reads. */
export const tabtune = v.nullish(v.object({ pooling: v.optional(v.picklist(poolings), "pooler") }));

/** The fields of a config.json by a schema. Throws a Problem that names the first field that does not fit. */
export function readFields<Schema extends v.GenericSchema>(schema: Schema, file: ConfigFile): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, file);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  // A check of a whole value has no expected value of its own, but a message that says what it wants.
  throw new Problem({
    found: `config.json has ${v.getDotPath(issue) ?? "no object"} = ${receivedOf(issue)}.`,
    expected: `It was expected to be ${issue.expected ?? issue.message}.`,
    remedy: "Take the config.json that belongs to this checkpoint, unchanged.",
    details: parsed.issues.map((one) => `${v.getDotPath(one) ?? "(file)"}: ${one.message}`).join("\n"),
  });
}

/** What the file has, as it stands there. */
function receivedOf(issue: v.BaseIssue<unknown>): string {
  const place = issue.path?.at(-1);
  const value = place && "value" in place ? place.value : undefined;
  return value !== null && typeof value === "object" ? JSON.stringify(value).slice(0, 100) : issue.received;
}

/** More numbers than this in a head do not fit a shader's private arrays. */
const LARGEST_HEAD = 504;

/** Throws a Problem for a hidden size that its heads do not divide, and for heads too large for a shader. */
export function checkHeadSize(hiddenSize: number, heads: number): void {
  const headSize = hiddenSize / heads;
  if (Number.isInteger(headSize) && headSize <= LARGEST_HEAD) return;
  throw new Problem({
    found: `The hidden size ${hiddenSize} over ${heads} heads gives a head size of ${headSize}.`,
    expected: `Attention works with whole head sizes up to ${LARGEST_HEAD}.`,
    remedy: "Choose another checkpoint.",
  });
}

/**
 * Most tokens of a row where positions are counted from the number after that of the padding token. Throws a Problem for
 * a table of positions without one.
 */
export function mostTokensAfter(paddingToken: number, positions: number): number {
  const most = positions - paddingToken - 1;
  if (most > 0) return most;
  throw new Problem({
    found: `config.json has max_position_embeddings = ${positions} and pad_token_id = ${paddingToken}.`,
    expected:
      "Positions begin after the number of the padding token, so the table of positions was expected to be larger.",
    remedy: "Take the config.json that belongs to this checkpoint, unchanged.",
  });
}

export const poolingOf = (field: v.InferOutput<typeof tabtune>): Pooling => field?.pooling ?? "pooler";
