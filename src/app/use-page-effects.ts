import { useEffect, useRef } from "react";
import { metricText, scoreText, wholeText } from "./figures.ts";
import { hasUnsavedModel, metricName, pretrainLoss, taskOf } from "./run-outcome.ts";
import { isActive, type RunState } from "./state.ts";
import { useApp } from "./use-app.ts";

/** Shows the state of the run in the tab's title. */
export function useTabTitle(): void {
  const title = useApp(({ run }) => tabTitle(run));
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Makes the browser ask before the page is left during a run, or with trained weights that were not downloaded. */
export function useLeaveWarning(): void {
  const unsaved = useApp(({ run }) => isActive(run.status) || hasUnsavedModel(run));
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
}

/** Shows a notification at the end of a run, where it is wanted and permitted and the page is hidden. */
export function useEndNotification(): void {
  const outcome = useApp(({ run }) => (run.status === "done" || run.status === "failed" ? endText(run) : null));
  const wanted = useApp(({ notifies }) => notifies ?? true);
  const latest = useRef(wanted);
  useEffect(() => {
    latest.current = wanted;
  });
  useEffect(() => {
    if (!outcome || !latest.current || !document.hidden) return;
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    notify({ body: outcome, icon: "favicon.svg" });
  }, [outcome]);
}

/** Shows a notification that leads to this tab when it is pressed. */
function notify(options: NotificationOptions): void {
  try {
    const notification = new Notification("Tabtune", options);
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // On Android only a service worker may; ours brings the tab to the front.
    const { serviceWorker }: { serviceWorker?: ServiceWorkerContainer } = navigator;
    void serviceWorker?.ready.then((registration) => registration.showNotification("Tabtune", options));
  }
}

/** How a run ended and its best score, e.g. "Training finished: macro F1 0.91". */
export function endText(run: RunState): string {
  const { status, end, steps, best, folds, baseline } = run;
  const [metric] = taskOf(run).metrics;
  if (folds?.summary && status === "done") {
    const all = folds.counts.folds * folds.counts.repeats;
    const mean = metricText(metric, folds.summary.mean[metric.key] ?? NaN);
    if (folds.done.length < all) return `Cross-validation stopped after ${folds.done.length} of ${all} folds`;
    return `Cross-validation finished: ${metric.name} ${mean}`;
  }
  const score = best ? `: ${metricName(run)} ${scoreText(best.value, 2)}` : "";
  const reached = steps.at(-1)?.step;
  if (status === "failed") return `Training failed${reached ? ` at step ${wholeText(reached)}` : ""}${score}`;
  if (end?.step === 0 && baseline && run.recipe?.effort === "quick") {
    return `Baseline finished: ${metric.name} ${metricText(metric, metric.of(baseline.report))}`;
  }
  if (!end || end.step === 0) return "Training stopped before the first step";
  const step = wholeText(end.step);
  const how = { finished: "finished", stopped: `stopped at step ${step}`, early: `stopped early at step ${step}` };
  return `Training ${how[end.reason]}${score}`;
}

const lastSteps = 10;

type Titled = Pick<RunState, "status" | "pretraining" | "plan" | "steps" | "best"> & Partial<Pick<RunState, "end">>;

/** The title of the tab: progress while a run goes on, its outcome after. */
export function tabTitle({ status, pretraining, plan, steps, best, end }: Titled): string {
  if (status === "idle") return "Tabtune";
  if (status === "preparing") return "Preparing · Tabtune";
  if (status === "failed") return "Failed · Tabtune";
  if (status === "done" && end?.step === 0 && end.reason !== "finished") return "Stopped · Tabtune";
  if (status === "done")
    return `${best ? `Done · ${metricName({ plan, best })} ${best.value.toFixed(2)}` : "Done"} · Tabtune`;
  const state = { pausing: "Pausing · ", paused: "Paused · ", stopping: "Stopping · ", training: "" }[status];
  const pretrained = plan ? undefined : pretraining.at(-1);
  if (pretrained) {
    const percent = Math.floor((100 * pretrained.step) / pretrained.steps);
    return `${state}Pretraining ${percent} % · loss ${pretrainLoss(pretrained).toFixed(2)} · Tabtune`;
  }
  const share = plan && plan.steps > 0 ? (steps.at(-1)?.step ?? 0) / plan.steps : 0;
  const recent = steps.slice(-lastSteps);
  const loss = recent.reduce((sum, step) => sum + step.loss, 0) / recent.length;
  const progress = `${Math.floor(share * 100)} %${recent.length > 0 ? ` · loss ${loss.toFixed(2)}` : ""}`;
  return `${state}${progress} · Tabtune`;
}
