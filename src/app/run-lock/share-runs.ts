import { scoreText } from "../figures.ts";
import { metricName, pretrainLoss } from "../run-outcome.ts";
import { shareDone, statusText, timeLeft } from "../run/run-facts.ts";
import { isActive, type AppState } from "../state.ts";
import type { AppStore } from "../store.ts";
import type { LiveChannel, LiveRun } from "./live-channel.ts";
import type { RunLock, ScreenLock, WorkLock } from "./run-lock.ts";

interface Shared {
  runLock: RunLock;
  workLock: WorkLock;
  screen: ScreenLock;
  channel: LiveChannel;
}

/**
 * Shows this tab's run to the other tabs of this browser, and theirs here, and frees the lock of a run when it has
 * ended; `actions.start` takes it. Keeps screen and page awake during all work that trains.
 */
export function shareRuns(store: AppStore, { runLock, workLock, screen, channel }: Shared): void {
  runLock.watch((trainsElsewhere) => {
    store.setState({ trainsElsewhere, ...(!trainsElsewhere && { otherRun: null }) });
    if (trainsElsewhere) channel.hello();
  });
  channel.listen(
    () => (isActive(store.getState().run.status) ? liveRunOf(store.getState()) : null),
    (otherRun) => {
      store.setState({ otherRun });
      void runLock.look();
    },
  );
  store.subscribe((app, before) => {
    if (isTraining(app) && !isTraining(before)) {
      workLock.hold();
      void screen.hold();
    }
    if (!isTraining(app) && isTraining(before)) {
      workLock.release();
      void screen.release();
    }
    const { run } = app;
    if (run === before.run) return;
    if (isActive(run.status)) channel.send(run.status, () => liveRunOf(app));
    else if (isActive(before.run.status)) runLock.release();
  });
}

/** Whether a run goes on, or a learning curve or labels in doubt, for which models are trained too. */
function isTraining({ run, curve, noise }: AppState): boolean {
  return isActive(run.status) || curve.progress !== null || noise.progress !== null;
}

/** The run of this tab as other tabs show it. */
function liveRunOf({ run, data }: Pick<AppState, "run" | "data">): LiveRun {
  const { plan, steps, pretraining, evaluations, best } = run;
  const last = steps.at(-1);
  const pretrained = plan ? undefined : pretraining.at(-1);
  const loss = last?.loss ?? (pretrained ? pretrainLoss(pretrained) : NaN);
  return {
    data: data.name,
    status: statusText(run),
    step: last?.step ?? pretrained?.step ?? 0,
    steps: plan?.steps ?? pretrained?.steps ?? null,
    loss: Number.isFinite(loss) ? loss : null,
    score: best ? `${metricName(run)} ${scoreText(best.value)}` : "",
    msLeft: plan ? timeLeft(steps, evaluations, plan.steps) : null,
    share: shareDone(run),
  };
}
