import type { Session } from "../../workers/session.ts";
import { taskNamed } from "../../tasks/registry.ts";
import { hasTrained, type Weights } from "../run-outcome.ts";
import { askOnce, endOf } from "../run/ended-results.ts";
import type { AppState, RunState } from "../state.ts";
import { keptAnswers } from "./answers.ts";
import { isKept, runRecord, testsOf, valuesOf } from "./run-record.ts";
import { freeName, pageHistory } from "./run-history.ts";

/** The ids under which runs of this tab are kept, by their own arrays of steps. */
const ids = new WeakMap<RunState["steps"], string>();

type Ended = Pick<AppState, "run" | "data" | "model"> & { session: Session };

/** Puts a run that has ended into the history, once, and then what its workers say of the validation rows. Never rejects. */
export async function keepRun(app: Ended, history = pageHistory(), now = Date.now()): Promise<void> {
  const { run, data, model } = app;
  if (ids.has(run.steps) || !isKept(run)) return;
  const id = newId();
  ids.set(run.steps, id);
  const wanted = [data.name, model.summary?.name].filter(Boolean).join(" · ");
  const record = runRecord(app, { id, name: freeName(wanted, history.getState().runs), endedAt: now });
  await history.add([record]);
  const end = endOf(run);
  if (!end) return;
  const weights: Weights = run.folds ? "last" : hasTrained(run) ? "best" : "baseline";
  try {
    const { report, step } = await askOnce(app.session, end, weights);
    const answers = keptAnswers(await app.session.rowAnswers(weights));
    const scored = { step, rows: report.rows, values: valuesOf(taskNamed(record.task), report) };
    await history.change(id, { answers, ...(weights !== "last" && { [weights]: scored }) });
  } catch {
    // Another run began meanwhile, or the device was lost: the list says that the rows were not scored.
  }
}

/** Adds scores of test rows to the run that they are of. */
export async function keepTests({ run }: Pick<AppState, "run">, history = pageHistory()): Promise<void> {
  const id = ids.get(run.steps);
  if (id !== undefined) await history.change(id, { tests: testsOf(run) });
}

/** An id that no other run has; `randomUUID` is missing where the page is not served securely. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
