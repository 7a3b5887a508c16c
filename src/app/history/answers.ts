import { mcnemarOf, type McNemar } from "../../metrics/mcnemar.ts";
import { comparedText } from "../../tasks/compared-models.ts";
import { counted } from "../../recipe/wording.ts";
import type { RowAnswers } from "../../workers/protocol.ts";
import type { KeptRun } from "./kept-run.ts";

/** What is kept of the answers to validation rows. */
export function keptAnswers(answers: RowAnswers | null): KeptRun["answers"] {
  if (answers === null) return null;
  if (answers.outcomes.kind !== "right") return "numbers";
  const { values } = answers.outcomes;
  const right = packedBits(Array.from(values, (value) => value === 1));
  return { fingerprint: answers.fingerprint, rows: values.length, right };
}

/** Bits as base64, eight to a byte, the first one the lowest. */
export function packedBits(bits: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (Number(bit) << (i & 7))));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** @param count number of bits; missing ones are false */
export function unpackedBits(text: string, count: number): boolean[] {
  const bytes = atob(text);
  return Array.from({ length: count }, (_, i) => ((bytes.charCodeAt(i >> 3) >> (i & 7)) & 1) === 1);
}

/** McNemar's exact test of two runs on the same rows, with the numbers that `tabtune compare` prints; or why there is none. */
type ComparedRuns =
  { says: string; test: McNemar & { rows: number; both: number; neither: number } } | { says: string; test: null };

type Answered = Pick<KeptRun, "name" | "task" | "answers">;

/** Compares two runs by their answers to the same validation rows. */
export function comparedRuns(first: Answered, second: Answered): ComparedRuns {
  const names = { first: `“${first.name}”`, second: `“${second.name}”` };
  const none = (says: string) => ({ says, test: null });
  if (first.task !== second.task) return none(`${names.first} and ${names.second} are of different tasks.`);
  const { answers: own } = first;
  const { answers: other } = second;
  if (own === "numbers" || other === "numbers") {
    return none("Numbers are not right or wrong, so there is no such test of them. Compare their errors in the table.");
  }
  const unknown = [first, second].filter(({ answers }) => answers === null).map(({ name }) => `“${name}”`);
  if (unknown.length > 0) {
    return none(
      `Of ${unknown.join(" and ")} it is not known which rows were right: the rows were not scored to the end after the run.`,
    );
  }
  if (own?.fingerprint !== other?.fingerprint || own?.rows !== other?.rows || !own || !other) {
    return none(
      `${names.first} and ${names.second} were not validated on the same rows. Train both with the same data, held-out share and seed, or with the same validation file.`,
    );
  }
  const [inFirst, inSecond] = [unpackedBits(own.right, own.rows), unpackedBits(other.right, other.rows)];
  const test = mcnemarOf(inFirst, inSecond);
  const both = inFirst.filter((isRight, row) => isRight && inSecond[row]).length;
  const neither = own.rows - both - test.onlyFirst - test.onlySecond;
  const says = `${counted(own.rows, "row")}. ${comparedText(test, names.first, names.second)}`;
  return { says, test: { ...test, rows: own.rows, both, neither } };
}
