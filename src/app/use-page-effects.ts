import { useEffect } from "react";
import { hasUnsavedModel, metricName, pretrainLoss } from "./run-outcome.ts";
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

/** Shows a notification at the end of a run, where that is permitted and the page is hidden. */
export function useEndNotification(): void {
  const outcome = useApp(({ run }) => (run.status === "done" || run.status === "failed" ? tabTitle(run) : null));
  useEffect(() => {
    if (!outcome || !("Notification" in window) || Notification.permission !== "granted" || !document.hidden) return;
    const notification = new Notification("Tabtune", { body: outcome.replace(" · Tabtune", ""), icon: "favicon.svg" });
    notification.onclick = () => window.focus();
  }, [outcome]);
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
