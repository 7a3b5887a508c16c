import { setbackText } from "../../recipe/wording.ts";
import type { FoldPlace, TrainEvent, TrainNotice } from "../../workers/protocol.ts";
import { idleRun, isActive, type RunState } from "../state.ts";
import type { Get, Set } from "./change.ts";

/** Milliseconds between two updates of the page: charts of 20,000 steps must not be drawn at every step. */
const flushInterval = 250;

/**
 * Applies the notices of the train worker to the state. Steps are appended to the run's own array immediately; other
 * changes are collected. The page sees both at most once per `flushInterval`, except for a beginning, an end and a
 * failure, which it sees immediately.
 *
 * @returns the listener for `Session.onNotice`
 */
export function recordNotices(set: Set, get: Get): (notice: TrainNotice) => void {
  let pending: Partial<RunState> = {};
  let timer: ReturnType<typeof setTimeout> | null = null;

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const change = pending;
    pending = {};
    set(({ run }) => {
      const next = { ...run, ...change, version: run.version + 1 };
      // Progress of a run that did not begin may arrive after its end.
      return { run: isActive(next.status) ? next : { ...next, progress: null } };
    });
  };
  const flushSoon = () => {
    timer ??= setTimeout(flush, flushInterval);
  };

  /** What is recorded is of another model of a cross-validation from here on. */
  const enter = (of: FoldPlace) => {
    const { folds } = get().run;
    if (!folds || isSamePlace(folds.current, of)) return;
    flush();
    set(({ run }) => ({ run: { ...run, ...ofOneModel(), folds: { ...folds, ...get().run.folds, current: of } } }));
  };

  const takeEvent = (event: TrainEvent, of?: FoldPlace) => {
    if (of) enter(of);
    switch (event.type) {
      case "plan": {
        const { status } = get().run;
        pending = { ...pending, plan: event, progress: null, status: status === "preparing" ? "training" : status };
        return flush();
      }
      case "pretrainStep":
      case "pretrainEvaluation": {
        const { pretraining, status } = get().run;
        pretraining.push(event);
        if (status !== "preparing") return flushSoon();
        // Immediately, as the run can be paused from now on.
        pending = { ...pending, status: "training", progress: null };
        return flush();
      }
      case "step":
        get().run.steps.push(event);
        return flushSoon();
      case "evaluation":
        pending.evaluations = [...(pending.evaluations ?? get().run.evaluations), event];
        return flushSoon();
      case "best":
        pending.best = event;
        return flushSoon();
      case "memory":
        pending.memory = event.bytes;
        pending.peakMemory = Math.max(pending.peakMemory ?? get().run.peakMemory, event.bytes);
        return flushSoon();
      case "probe": {
        const whose = event.of === "baseline" ? "the baseline" : "the head’s start";
        const what = event.what === "fit" ? `Fitting ${whose}` : `Computing the vectors of ${whose}`;
        pending.progress = { what, done: event.done, total: event.total };
        return flushSoon();
      }
      case "baseline":
        pending = { ...pending, baseline: event, progress: null };
        return flushSoon();
      case "features": {
        const { done, total } = event;
        pending.progress = done < total ? { what: "Running the frozen encoder once", done, total } : null;
        return flushSoon();
      }
      case "consolidation": {
        const { done, rows: total } = event;
        pending.progress = done < total ? { what: "Measuring what the earlier task needs", done, total } : null;
        return flushSoon();
      }
      case "dataMap": {
        const { done, total } = event;
        pending.progress = done < total ? { what: "Scoring training rows for the data map", done, total } : null;
        return flushSoon();
      }
      case "earlier":
        pending.earlier = [...(pending.earlier ?? get().run.earlier), event];
        return flushSoon();
      case "setback": {
        flush();
        const { step: last, best } = event;
        set(({ run }) => {
          const kept = <E extends { step: number }>(events: readonly E[]) => events.filter(({ step }) => step <= last);
          const [steps, evaluations, earlier] = [kept(run.steps), kept(run.evaluations), kept(run.earlier)];
          const setbacks = [...run.setbacks, setbackText(event)];
          return { run: { ...run, steps, evaluations, earlier, best, setbacks } };
        });
        return flush();
      }
      case "end":
        // A fold's end, or that of the final model, is not that of the run.
        if (of) pending = { ...pending, progress: null, ...(of === "final" && { end: event }) };
        else pending = { ...pending, end: event, status: "done", progress: null };
        return flush();
    }
  };

  return (notice) => {
    switch (notice.type) {
      case "event":
        return takeEvent(notice.event, notice.of);
      case "fold": {
        flush();
        const { folds, evaluations, plan } = get().run;
        if (!folds) return;
        const { repeat, fold } = notice.scores;
        const curves = [...folds.curves, { repeat, fold, evaluations, plan }];
        return set(({ run }) => ({
          run: { ...run, folds: { ...folds, curves, done: [...folds.done, notice.scores] } },
        }));
      }
      case "foldsEnd": {
        flush();
        const { folds } = get().run;
        if (!folds) return;
        // What a fold that was cut short has left is no model.
        const left = folds.current === "final" ? {} : ofOneModel();
        pending = { ...left, status: "done", progress: null, folds: { ...folds, summary: notice.summary } };
        return flush();
      }
      case "goesOn": {
        flush();
        set(({ run }) => ({ run: { ...run, ...ofOneModel(), setbacks: joined(run.setbacks, notice.after) } }));
        for (const event of notice.events) takeEvent(event);
        return flush();
      }
      case "saved": {
        const { step, savedAt } = notice;
        return set(({ keep }) => ({ keep: { ...keep, saved: { step, savedAt }, problem: null } }));
      }
      case "notSaved":
        return set(({ keep }) => ({ keep: { ...keep, problem: notice.problem } }));
      case "paused":
        if (get().run.status !== "pausing") return;
        pending.status = "paused";
        return flush();
      case "progress":
        pending.progress = notice.progress;
        return flushSoon();
      case "failed":
        pending = { ...pending, status: "failed", progress: null, problem: notice.problem };
        return flush();
      case "tuned":
        return set(({ backend }) => ({ backend: { ...backend, speeds: notice.speeds } }));
      case "backend":
        return set(({ backend }) => ({ backend: { ...backend, info: notice.info } }));
    }
  };
}

const joined = (all: readonly string[], one: string | null) => (one === null ? all : [...all, one]);

/** What is recorded of one model, as it is before it begins. */
function ofOneModel() {
  const { pretraining, plan, steps, baseline, evaluations, earlier, best, end } = idleRun();
  return { pretraining, plan, steps, baseline, evaluations, earlier, best, end };
}

function isSamePlace(a: FoldPlace | null, b: FoldPlace): boolean {
  if (a === null || a === "final" || b === "final") return a === b;
  return a.repeat === b.repeat && a.fold === b.fold;
}
