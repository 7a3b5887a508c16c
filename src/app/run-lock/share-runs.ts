import { scoreText } from "../figures.ts";
import { metricName, pretrainLoss } from "../run-outcome.ts";
import { shareDone, statusText, timeLeft } from "../run/run-facts.ts";
import { isActive, type AppState } from "../state.ts";
import type { AppStore } from "../store.ts";
import type { LiveChannel, LiveRun } from "./live-channel.ts";
import type { RunLock, ScreenLock } from "./run-lock.ts";

interface Shared {
  runLock: RunLock;
  screen: ScreenLock;
  channel: LiveChannel;
}

/**
 * Shows this tab's run to the other tabs of this browser, and theirs here; frees the lock of a run, and lets the screen
 * go off, when the run has ended. `actions.start` takes the lock.
 */
export function shareRuns(store: AppStore, { runLock, screen, channel }: Shared): void {
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
    const { run } = app;
    if (run === before.run) return;
    const wasActive = isActive(before.run.status);
    if (!isActive(run.status)) {
      if (!wasActive) return;
      runLock.release();
      return void screen.release();
    }
    if (!wasActive) void screen.hold();
    channel.send(run.status, () => liveRunOf(app));
  });
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
