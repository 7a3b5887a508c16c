import { isActive } from "../state.ts";
import type { AppStore } from "../store.ts";

/** Keeps each run of the page in the history when it has ended. What that needs is loaded then. */
export function watchRuns(store: AppStore): void {
  store.subscribe((app, before) => {
    const { run } = app;
    if (run === before.run) return;
    const isOver = isActive(before.run.status) && !isActive(run.status) && run.status !== "idle";
    const isTested = run.tests !== before.run.tests && Object.keys(run.tests).length > 0;
    if (!isOver && !isTested) return;
    void import("./keep-runs.ts").then(
      ({ keepRun, keepTests }) => (isOver ? keepRun(app) : keepTests(app)),
      // The page goes on without a history where its files cannot be loaded any more.
      () => undefined,
    );
  });
}
