import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { chartCsv } from "../../../src/app/run/ChartTable.tsx";
import { ChartGrid } from "../../../src/app/run/ChartGrid.tsx";
import { pretrainLines } from "../../../src/app/run/line-builders.ts";
import { idleRun, type RunState } from "../../../src/app/state.ts";
import { createAppStore } from "../../../src/app/store.ts";
import { textTask } from "../../../src/tasks/registry.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { fakeSession } from "../fake-session.ts";
import { pretrainEvaluation, pretrainStep, stepEvents } from "./events.ts";

const events = [
  pretrainEvaluation(0, 20, 9),
  pretrainStep(1, 20, 8),
  pretrainStep(2, 20, 6),
  pretrainEvaluation(2, 20, 7),
];

describe("pretrainLines", () => {
  it("has the loss of each step, the same smoothed, and that of the held-out rows", () => {
    const lines = pretrainLines(events, "step", 0.5, Infinity, textTask);
    expect(lines.map(({ name, points }) => [name, points.map(({ x, y }) => [x, Number(y.toFixed(3))])])).toEqual([
      [
        "training, each step",
        [
          [1, 8],
          [2, 6],
        ],
      ],
      [
        "training, smoothed",
        [
          [1, 8],
          [2, 6.667],
        ],
      ],
      [
        "validation, 256 texts",
        [
          [0, 9],
          [2, 7],
        ],
      ],
    ]);
    expect(pretrainLines(events, "wall", 0.5, Infinity, textTask)[0]?.points[1]?.x).toBe(500);
  });

  it("has no line of held-out rows where none were", () => {
    expect(pretrainLines([pretrainStep(1, 20, 8)], "step", 0, Infinity, textTask)).toHaveLength(2);
  });

  it("comes as a table too", () => {
    const [header, first, ...rest] = chartCsv(pretrainLines(events, "step", 0, Infinity, textTask))
      .trim()
      .split(/\r?\n/);
    expect(header).toContain("training, smoothed");
    expect(first).toMatch(/^0,0,0,.*,9$/);
    expect(rest).toHaveLength(2);
  });
});

describe("the charts of a run", () => {
  const chartsOf = (run: RunState) => {
    const html = renderToString(
      <MantineProvider>
        <ChartGrid run={run} supports={[]} />
      </MantineProvider>,
    );
    return html.replaceAll("<!-- -->", "");
  };
  const pretrained = (): RunState => {
    const recipe = { ...defaultRecipe, pretrainEpochs: 2 };
    return { ...idleRun(), status: "training", recipe, pretraining: [...events] };
  };

  it("show the pretraining, with its trend in words, and go on showing it beside the fine-tuning", () => {
    const trend = "Validation, 256 texts fell from 9.00 to 7.00 at step 2, its lowest so far.";
    const before = chartsOf(pretrained());
    const after = chartsOf({ ...pretrained(), steps: stepEvents(5) });
    for (const html of [before, after]) {
      expect(html).toContain('aria-label="Pretraining loss"');
      expect(html).toContain(trend);
      expect(html).toContain("Table: Pretraining loss");
      expect(html.indexOf("Pretraining loss")).toBeLessThan(html.indexOf('aria-label="Loss"'));
    }
  });

  it("show none where the run does not pretrain", () => {
    expect(chartsOf({ ...idleRun(), status: "training", recipe: defaultRecipe })).not.toContain("Pretraining");
  });

  it("keep it when the notices of the fine-tuning come, and drop it with a new run", async () => {
    const session = fakeSession();
    const store = createAppStore(session, async (path) => new File([], path));
    const { actions } = store.getState();
    await actions.useSample();
    await actions.useStarter();
    await actions.setRecipe({ pretrainEpochs: 2 });
    await actions.start();
    for (const event of events) session.tell(event);
    for (const event of stepEvents(3)) session.tell(event);
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const done = chartsOf(store.getState().run);
    expect(done).toContain("Validation, 256 texts fell from 9.00 to 7.00");
    await actions.setRecipe({ pretrainEpochs: 0 });
    expect(chartsOf(store.getState().run)).toContain("Validation, 256 texts fell");
    actions.markDownloaded();
    await actions.start();
    expect(chartsOf(store.getState().run)).not.toContain("Pretraining");
  });
});
