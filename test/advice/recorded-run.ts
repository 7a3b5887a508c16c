import type { Report } from "../../src/metrics/report.ts";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { cellsOf } from "../../src/metrics/confusion.ts";
import {
  ofClassifier,
  ofLanguageModel,
  ofOtherTasks,
  type DataFacts,
  type RunRecord,
} from "../../src/advice/record.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { recipeFrom } from "../../src/recipe/recipe-file.ts";
import { eventOfToday } from "../../src/tasks/older-events.ts";
import type { EarlierEvent, EvaluationEvent, PlanEvent, StepEvent } from "../../src/train/events.ts";

/** First line of a recorded run: what its events do not tell. */
export interface RunHead {
  type: "run";
  /** Only what differs from the defaults. */
  recipe: Partial<Recipe>;
  labelNames: string[];
  data: DataFacts;
  state: RunRecord["state"];
}

type Line = RunHead | PlanEvent | StepEvent | EvaluationEvent<Report> | EarlierEvent;

/** The text of a run of test/advice/runs, a line of JSON for each event. */
export function recordedText(name: string): string {
  return gunzipSync(readFileSync(new URL(`runs/${name}.jsonl.gz`, import.meta.url))).toString();
}

/** The lines of such a run: its head, then its events. */
export function recordedLines(name: string): Line[] {
  return recordedText(name).trimEnd().split("\n").map(lineOf);
}

/** A run of test/advice/runs, as it was when it had ended. */
export function recordedRun(name: string): RunRecord {
  const lines = recordedLines(name);
  const of = <K extends Line["type"]>(type: K) =>
    lines.filter((line): line is Line & { type: K } => line.type === type);
  const [head] = of("run");
  const [plan] = of("plan");
  if (!head || !plan) throw new Error(`${name} is no recorded run.`);
  const { labelNames, data, state } = head;
  const recipe = recipeFrom(head.recipe);
  const [steps, evaluations] = [of("step"), of("evaluation")];
  const ofEarlier = { earlier: ofClassifier(of("earlier")), earlierTexts: ofLanguageModel(of("earlier")) };
  const [classes, others] = [ofClassifier(evaluations), ofOtherTasks(evaluations)];
  return { recipe, plan, steps, evaluations: classes, others, ...ofEarlier, state, labelNames, data };
}

/** The run as it was after its step `step`. */
export function runUntil(run: RunRecord, step: number): RunRecord {
  const until = (event: { step: number }) => event.step <= step;
  const [steps, evaluations] = [run.steps.filter(until), run.evaluations.filter(until)];
  const [earlier, earlierTexts] = [run.earlier.filter(until), run.earlierTexts.filter(until)];
  return { ...run, steps, evaluations, earlier, earlierTexts, state: "running" };
}

/** JSON has no NaN: a number that was not finite is null in the file. */
function lineOf(text: string): Line {
  const line = JSON.parse(text, (key, value: unknown) => {
    if (key === "confusion" && Array.isArray(value) && typeof value[0] === "number") {
      // The runs were recorded when a report held the whole matrix.
      return cellsOf(value as number[], Math.sqrt(value.length));
    }
    return value ?? NaN;
  }) as Record<string, unknown>;
  // Some were recorded before an event named its task.
  return eventOfToday(line) as unknown as Line;
}
