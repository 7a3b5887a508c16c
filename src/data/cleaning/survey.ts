import {
  textFields,
  textFieldsOn,
  type CleaningSteps,
  type RowField,
  type TextField,
} from "../../recipe/cleaning-steps.ts";
import { placeOf, type LabelledRows } from "../rows.ts";
import { takeRows } from "../label-rows.ts";
import { cleanerOf } from "./clean-text.ts";
import { dropRows, type Dropped } from "./drop-rows.ts";

/** A row that a step changes or leaves out. */
export interface StepSample {
  /** 1-based row of the table, header not counted. */
  row: number;
  /** Its line in the file, or its row where the file has none. */
  line: number;
  /** The text as the steps before left it, from shortly before the first change on. */
  before: string;
  /** The same after the step; null where the row is left out. */
  after: string | null;
  /** Line and text of the row that this one repeats or contradicts. */
  beside?: { line: number; text: string };
}

/** What one step of cleaning does, or would do where it is off. */
export interface StepSurvey {
  field: TextField | RowField;
  isOn: boolean;
  /** Number of rows that it changes or leaves out, after the steps before it that are on. */
  rows: number;
  samples: StepSample[];
}

const SAMPLES = 5;
const SHOWN_CHARACTERS = 160;

/** The Unicode form that is tried where none is chosen. */
const TRIED_FORM = "NFKC";

/**
 * What each step of cleaning does to some rows, also those that are off: each is tried on what the steps before it that are
 * on leave, and a few rows show it. The rows are those of a table with no step applied.
 *
 * @param isText whether steps may change texts, which have to stay where words are labelled by their places
 */
export function* surveySteps(
  rows: LabelledRows,
  steps: CleaningSteps,
  isText: boolean,
): Generator<{ done: number; total: number }, StepSurvey[]> {
  const total = rows.texts.length;
  const texts: string[] = [];
  const pairs = rows.pairs === null ? null : ([] as string[]);
  const wanted = { ...steps, ...(steps.cleanUnicode === "none" && ({ cleanUnicode: TRIED_FORM } as const)) };
  const on: readonly string[] = textFieldsOn(steps);
  const trials = (isText ? textFields : []).map((field) => ({
    field,
    isOn: on.includes(field),
    clean: cleanerOf(field, wanted),
    rows: 0,
    samples: [] as StepSample[],
  }));
  for (let row = 0; row < total; row++) {
    const now = [rows.texts.at(row) ?? "", ...(rows.pairs === null ? [] : [rows.pairs.at(row) ?? ""])];
    for (const trial of trials) {
      const after = now.map(trial.clean);
      const changed = now.findIndex((text, part) => text !== after[part]);
      if (changed < 0) continue;
      trial.rows++;
      if (trial.samples.length < SAMPLES) {
        trial.samples.push({ ...placed(rows, row), ...difference(now[changed] ?? "", after[changed] ?? "") });
      }
      if (trial.isOn) now.splice(0, now.length, ...after);
    }
    texts.push(now[0] ?? "");
    pairs?.push(now[1] ?? "");
    if (row % 512 === 511) yield { done: row + 1, total };
  }

  const filled = Int32Array.from(texts, (_, row) => row).filter(
    (row) => isFilled(texts[row]) && isFilled(pairs?.[row]),
  );
  const left = takeRows({ ...rows, texts, pairs }, filled);
  const { dropped } = dropRows(left, steps, { tries: true });
  yield { done: total, total };
  const ofTexts = trials.map(({ field, isOn, rows: changed, samples }) => ({ field, isOn, rows: changed, samples }));
  return [...ofTexts, ...dropped.map((step) => surveyOf(left, step))];
}

/** The survey at once, where nothing waits for the thread. */
export function surveyAtOnce(rows: LabelledRows, steps: CleaningSteps, isText: boolean): StepSurvey[] {
  const survey = surveySteps(rows, steps, isText);
  let next = survey.next();
  while (!next.done) next = survey.next();
  return next.value;
}

const isFilled = (text: string | undefined) => text === undefined || text.trim() !== "";

const placed = (rows: LabelledRows, row: number) => ({ row: rows.tableRows[row] ?? 0, line: placeOf(rows, row) });

const shown = (text: string | undefined) => (text ?? "").slice(0, SHOWN_CHARACTERS);

function surveyOf(rows: LabelledRows, { field, isOn, rows: dropped }: Dropped): StepSurvey {
  const samples = dropped.slice(0, SAMPLES).map(({ row, beside }) => ({
    ...placed(rows, row),
    before: shown(rows.texts.at(row)),
    after: null,
    ...(beside !== null && { beside: { line: placeOf(rows, beside), text: shown(rows.texts.at(beside)) } }),
  }));
  return { field, isOn, rows: dropped.length, samples };
}

/** Both texts from shortly before their first difference on. */
function difference(before: string, after: string): { before: string; after: string } {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = same < SHOWN_CHARACTERS / 2 ? 0 : same - SHOWN_CHARACTERS / 4;
  const part = (text: string) => `${from > 0 ? "…" : ""}${text.slice(from, from + SHOWN_CHARACTERS)}`;
  return { before: part(before), after: part(after) };
}
