import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { AdvicePanel, hasValues, runRecord } from "../../../src/app/run/AdvicePanel.tsx";
import { idleRun, type RunState } from "../../../src/app/state.ts";
import { createAppStore, type AppStore } from "../../../src/app/store.ts";
import { StoreContext } from "../../../src/app/use-app.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { recordedRun } from "../../advice/recorded-run.ts";
import { fakeSession } from "../fake-session.ts";
import { evaluation, stepEvent } from "./events.ts";

/** The page's state after a recorded run. */
function stateAfter(name: string, status: RunState["status"] = "done"): RunState {
  const { recipe, plan, steps, evaluations, earlier, labelNames, data } = recordedRun(name);
  return {
    ...idleRun(),
    status,
    recipe,
    labelNames: [...labelNames],
    facts: data,
    plan: {
      type: "plan",
      task: "single-label",
      epochs: 4,
      trainRows: 1,
      tokensPerEpoch: 1,
      trainableParameters: 1,
      parameters: 1,
      ...plan,
    },
    steps: steps.map((step) => stepEvent(step.step, step)),
    earlier: earlier.map((facts) => ({ type: "earlier", task: "single-label", epoch: 0, ...facts })),
    evaluations: evaluations.map((facts) => ({ ...evaluation(facts.step, facts.scope, 4, 1), report: facts.report })),
  };
}

function panelOf(run: RunState, store: AppStore = createAppStore(fakeSession())): string {
  const html = renderToString(
    <MantineProvider>
      <StoreContext value={{ ...store, getInitialState: store.getState }}>
        <AdvicePanel run={run} />
      </StoreContext>
    </MantineProvider>,
  );
  return html.replaceAll("<!-- -->", "").replaceAll("\u202f", " ");
}

const buttons = (html: string) =>
  [...html.matchAll(/<button[^>]*aria-disabled="(true|false)"[^>]*>/g)].map(([, off]) => off);

describe("the advice panel", () => {
  it("is a named region that says in one line what was looked at when nothing stands out", () => {
    const html = panelOf(stateAfter("healthy-two-classes"));
    expect(html).toMatch(/<section[^>]*aria-label="Advice"/);
    expect(html).toMatch(/role="status"[^>]*>Nothing stands out in 180 steps and \d+ evaluations\.</);
    expect(html).not.toContain("Findings");
    expect(buttons(html)).toEqual([]);
    expect(panelOf({ ...idleRun(), status: "failed" })).toContain("No step was made: nothing to judge.");
    const failed = stateAfter("healthy-two-classes", "failed");
    expect(panelOf(failed)).toMatch(/Nothing stood out in 180 steps and \d+ evaluations before the run failed\./);
  });

  it("shows each finding with its numbers and its remedies, and tells of it in a status line", () => {
    const html = panelOf(stateAfter("overfitting"));
    expect(html).toMatch(/role="status"[^>]*>Overfitting \(clear\)</);
    expect(html).toContain("Validation loss rose from 0.666 at step 27");
    expect(html).toContain("Stop after 2 evaluations without gain");
    expect(html).toMatch(
      /<a href="\.\/handbook\.html#overfitting" target="[\w-]+"[^>]*>More in the handbook: Overfitting</,
    );
    expect(new Set(buttons(html))).toEqual(new Set(["false"]));
  });

  it("knows of the earlier task", () => {
    const html = panelOf(stateAfter("forgetting"));
    expect(html).toContain("Accuracy on the earlier task fell from 97 % before the first step to 83 %");
    expect(html).toContain("handbook.html#forgetting");
    expect(html).toContain("Set rehearsal to 0.25");
  });

  it("is one line of titles while the run goes on, of one height whether or not there are findings", () => {
    const html = panelOf(stateAfter("overfitting", "training"));
    expect(html).toMatch(/role="status"[^>]*>Overfitting \(clear\)</);
    expect(html).toMatch(/aria-expanded="false"[^>]*>.*Show/);
    expect(html).not.toContain("Findings");
    expect(buttons(html)).toEqual([]);
  });

  it("says of a remedy that the recipe has it, until undo takes it back", async () => {
    const store = createAppStore(fakeSession());
    const { actions } = store.getState();
    await actions.setRecipe({ earlyStopping: 2 });
    expect(panelOf(stateAfter("overfitting"), store)).toContain("In the recipe: Stop after 2 evaluations");
    await actions.undo();
    expect(panelOf(stateAfter("overfitting"), store)).not.toContain("In the recipe");
  });
});

describe("the record of the page's run", () => {
  it("is there once the plan is, and tells how the run ended", () => {
    const run = stateAfter("overfitting");
    expect(runRecord({ ...run, plan: null })).toBeNull();
    expect(runRecord({ ...run, status: "paused" })?.state).toBe("running");
    expect(runRecord({ ...run, status: "failed" })?.state).toBe("failed");
    expect(runRecord(run)?.state).toBe("stopped");
    const end = { type: "end", reason: "finished", step: 240, wallMs: 1, trainingMs: 1 } as const;
    expect(runRecord({ ...run, end })?.state).toBe("finished");
  });

  it("keeps what was known of rows and model at the start", async () => {
    const store = createAppStore(fakeSession(), async (path) => new File([], path));
    const { actions } = store.getState();
    await actions.useSample();
    await actions.useStarter();
    await actions.start();
    const { facts } = store.getState().run;
    expect(facts).toMatchObject({ trainCounts: [3862, 598], mostTokens: 512 });
    expect(facts.longerThan?.length).toBe(201);
  });
});

describe("hasValues", () => {
  it("compares all fields of the patch", () => {
    expect(hasValues(defaultRecipe, { epochs: 3, frozen: [] })).toBe(true);
    expect(hasValues(defaultRecipe, { epochs: 3, frozen: ["embeddings."] })).toBe(false);
  });
});
