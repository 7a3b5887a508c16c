import type { KeptRun } from "../../../src/app/history/kept-run.ts";
import type { RunDatabase } from "../../../src/app/history/run-database.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";

/** A database in memory, whose next write can fail. */
export function memoryRuns(kept: unknown[] = []) {
  let failure: Error | null = null;
  const check = () => {
    const now = failure;
    failure = null;
    return now ? Promise.reject(now) : Promise.resolve();
  };
  const idOf = (one: unknown) => (one as KeptRun).id;
  const database: RunDatabase = {
    all: () => check().then(() => structuredClone(kept)),
    put: (runs) =>
      check().then(() => {
        for (const run of structuredClone(runs)) {
          const place = kept.findIndex((one) => idOf(one) === run.id);
          if (place < 0) kept.push(run);
          else kept[place] = run;
        }
      }),
    remove: (ids) =>
      check().then(() => void kept.splice(0, kept.length, ...kept.filter((one) => !ids.includes(idOf(one))))),
    clear: () => check().then(() => void kept.splice(0)),
  };
  return { database, kept, failNext: (error: Error) => (failure = error) };
}

/** A finished run of two classes. */
export function keptRun(changes: Partial<KeptRun> = {}): KeptRun {
  const values = { accuracy: 0.9, macroF1: 0.85, logLoss: 0.3 };
  return {
    ...{ format: "tabtune-run", version: 1, id: "a", name: "SMS Spam · MiniLM", note: "", isPinned: false },
    ...{ endedAt: Date.UTC(2026, 10, 30), model: "MiniLM", task: "single-label", recipe: defaultRecipe },
    data: { name: "SMS Spam", trainRows: 80, validationRows: 20, testRows: 0 },
    ending: { reason: "finished", step: 40, durationMs: 12_000 },
    best: { step: 40, rows: 20, values },
    last: { step: 40, rows: 20, values },
    ...{ baseline: null, tests: [], folds: null },
    steps: {
      step: [1, 2],
      epoch: [0.5, 1],
      wallMs: [5, 9],
      trainingMs: [5, 8],
      loss: [0.7, null],
      learningRate: [1, 1],
      gradientNorm: [1, 1],
    },
    evaluations: [{ scope: "full", step: 40, epoch: 1, wallMs: 9, trainingMs: 8, rows: 20, values }],
    answers: null,
    ...changes,
  };
}
