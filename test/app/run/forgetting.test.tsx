import type { Report } from "../../../src/metrics/report.ts";
import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { rowScoresFrom } from "../../metrics/row-scores-from.ts";
import { describe, expect, it } from "vitest";
import { ChartGrid } from "../../../src/app/run/ChartGrid.tsx";
import { chartCsv } from "../../../src/app/run/ChartTable.tsx";
import { beforeAndAfter, earlierMoments } from "../../../src/app/run/earlier-moments.ts";
import { evaluationGroups } from "../../../src/app/run/evaluations.ts";
import { eventsCsv, inOrder } from "../../../src/app/run/events-file.ts";
import { forgettingLines } from "../../../src/app/run/line-builders.ts";
import { ResultsTab } from "../../../src/app/run/ResultsTab.tsx";
import { idleRun } from "../../../src/app/state.ts";
import type { EarlierEvent, Results } from "../../../src/workers/protocol.ts";
import { report } from "../fake-session.ts";
import { evaluation, stepEvents, textsReport } from "./events.ts";
import { defaultTask, textTask } from "../../../src/tasks/registry.ts";
import { metricOf } from "../../../src/tasks/task.ts";

const evaluations = [
  evaluation(0, "baseline", 64, 32),
  evaluation(5, "sample", 200, 40),
  evaluation(10, "full", 1000, 50),
  // The mean of checkpoints, scored at the step of the last of them.
  evaluation(10, "full", 1000, 20),
];

/** A score of the earlier task on 40 rows. */
function earlierEvent(step: number, scope: EarlierEvent["scope"], wrong: number): EarlierEvent<Report> {
  const { report: scores } = evaluation(step, scope, 40, wrong);
  return { type: "earlier", task: "single-label", scope, step, epoch: step / 10, report: scores };
}

const earlier = [
  earlierEvent(0, "baseline", 2),
  earlierEvent(5, "sample", 16),
  earlierEvent(10, "full", 8),
  earlierEvent(10, "full", 6),
];

/** The loss of an earlier task's texts. */
function textsEvent(step: number, scope: EarlierEvent["scope"], loss: number): EarlierEvent {
  return { type: "earlier", task: "masked-lm", scope, step, epoch: step / 10, report: textsReport(loss, 52) };
}

/** What a chart compares of two runs of the default task. */
const bothBy = (key: string) => {
  const metric = metricOf(defaultTask, key);
  return { earlierTask: defaultTask, metric, newMetric: metric };
};

/** What a chart compares where the earlier task is one of texts. */
const textsBy = (key: string) => {
  return { earlierTask: textTask, metric: metricOf(textTask, key), newMetric: defaultTask.metrics[0] };
};

const texts = [textsEvent(0, "baseline", 2), textsEvent(5, "sample", 3), textsEvent(10, "full", 2.5)];

const results: Results = {
  task: "single-label",
  weights: "best",
  step: 5,
  labelNames: ["ham", "spam"],
  report: report(),
  truth: { labels: Int32Array.of(0) },
  scores: rowScoresFrom(Int32Array.of(0), [1, 0], 2),
};

const drawn = (content: React.ReactNode) =>
  renderToString(<MantineProvider>{content}</MantineProvider>)
    .replaceAll("<!-- -->", "")
    .replaceAll("\u202f", " ");

describe("the forgetting meter", () => {
  it("puts each score at the moment of the evaluation it goes with, of two at one step in order", () => {
    expect(
      earlierMoments(earlier, evaluations).map(({ step, wallMs, report }) => [
        step,
        wallMs,
        (report as Report).accuracy,
      ]),
    )
      // A step takes 250 ms in these runs.
      .toEqual([
        [0, 0, 0.95],
        [5, 1250, 0.6],
        [10, 2500, 0.8],
        [10, 2500, 0.85],
      ]);
    // A run that is stopped while it evaluates has an evaluation without a score.
    const later = earlierMoments([earlierEvent(10, "full", 8)], evaluations);
    expect(later.map(({ step }) => step)).toEqual([10]);
    expect(earlierMoments([earlierEvent(7, "full", 8)], evaluations)).toEqual([]);
  });

  it("draws the earlier task beside the new one, by accuracy or macro F1, on any axis", () => {
    const moments = earlierMoments(earlier, evaluations);
    const groups = evaluationGroups(evaluations, 1000, 200);
    const [old, ...fresh] = forgettingLines(moments, groups, bothBy("accuracy"), "wall", Infinity);
    expect(old?.name).toBe("earlier task, 40 rows");
    expect(old?.points.map(({ x, y }) => [x, y]).slice(0, 3)).toEqual([
      [0, 0.95],
      [1250, 0.6],
      [2500, 0.8],
    ]);
    expect(fresh.map(({ name }) => name)).toEqual([
      "new task, 200 sample rows (64 at step 0)",
      "new task, all 1,000 rows",
    ]);
    const [byF1] = forgettingLines(moments, groups, bothBy("macroF1"), "step", Infinity);
    expect(byF1?.points[1]?.y).toBe(earlier[1]?.report.macro.f1);
    const csv = chartCsv(forgettingLines(moments, groups, bothBy("accuracy"), "step", Infinity)).split("\r\n");
    expect(csv[0]).toContain('"earlier task, 40 rows","new task, 200 sample rows (64 at step 0)"');
    expect(csv[2]).toBe("5,1.25,1.25,0.6,0.8,");
  });

  it("stands among the charts of a run with an earlier task from the start, and of no other", () => {
    const run = { ...idleRun(), status: "training" as const, evaluations, earlier };
    const trend = "Earlier task, 40 rows fell from 0.950 to 0.850 at step 10";
    const old = { name: "old.csv", kind: "rows" as const };
    const grid = (earlierTask: typeof old | null) =>
      drawn(<ChartGrid run={{ ...run, earlierTask }} supports={[1, 1]} />);
    expect(grid(old)).toMatch(/<section[^>]*aria-label="Forgetting"/);
    expect(grid(old)).toContain(trend);
    expect(grid(null)).not.toContain("Forgetting");
    expect(drawn(<ChartGrid run={{ ...idleRun(), earlierTask: old }} supports={[]} />)).toContain("Forgetting");
  });
});

describe("the forgetting meter of texts", () => {
  it("draws their loss, or its exponential, beside the new task's accuracy on the other axis", () => {
    const moments = earlierMoments(texts, evaluations);
    const groups = evaluationGroups(evaluations, 1000, 200);
    const [loss, ...fresh] = forgettingLines(moments, groups, textsBy("loss"), "step", Infinity);
    expect(loss).toMatchObject({ name: "earlier task, 52 texts", axis: "left" });
    expect(loss?.points.map(({ y, at }) => [at.wallMs, y])).toEqual([
      [0, 2],
      [1250, 3],
      [2500, 2.5],
    ]);
    expect(fresh.map(({ name, axis }) => [name, axis])).toEqual([
      ["accuracy of the new task, 200 sample rows (64 at step 0)", "right"],
      ["accuracy of the new task, all 1,000 rows", "right"],
    ]);
    const [perplexity] = forgettingLines(moments, groups, textsBy("perplexity"), "step", Infinity);
    expect(perplexity?.points[0]?.y).toBe(Math.exp(2));
  });

  it("is a chart of its own metrics, with its trend in words", () => {
    const earlierTask = { name: "old.txt", kind: "texts" as const };
    const run = { ...idleRun(), status: "training" as const, evaluations, earlier: texts, earlierTask };
    const html = drawn(<ChartGrid run={run} supports={[1, 1]} />);
    expect(html).toMatch(/<section[^>]*aria-label="Forgetting"/);
    expect(html).toContain("Earlier task, 52 texts rose from 2.00 to 2.50 at step 10; lowest was 2.00 at step 0.");
    expect(html).toContain("Loss of masked words</span>");
    expect(html).toContain("Accuracy of the new task, all rows rose from 0.500 to 0.980");
  });

  it("stands in results and files", () => {
    const tab = drawn(<ResultsTab results={results} earlier={beforeAndAfter(texts, 5)} />);
    expect(tab).toContain(
      "loss of masked words 2.00 before → 3.00 after, pseudo-perplexity 7.39 → 20.1, on 52 held-out texts under its own language-model head.",
    );
    const lines = eventsCsv(stepEvents(1), evaluations, ["ham", "spam"], texts).trimEnd().split("\r\n");
    const cells = lines.map((line) => line.split(","));
    expect(new Set(cells.map(({ length }) => length)).size).toBe(1);
    const scored = cells.filter(([type]) => type === "earlier");
    expect(scored.map((row) => [row[2], row[6], row[9]])).toEqual([
      ["0", "2", "52"],
      ["5", "3", "52"],
      ["10", "2.5", "52"],
    ]);
  });
});

describe("what was kept, in the results", () => {
  it("is the earlier task's score before and with the weights that are looked at", () => {
    expect(beforeAndAfter(earlier, 5)?.after).toBe(earlier[1]);
    expect(beforeAndAfter(earlier, 10)?.after).toBe(earlier[3]);
    expect(beforeAndAfter(earlier, 7)).toBeNull();
    const tab = drawn(<ResultsTab results={results} earlier={beforeAndAfter(earlier, 5)} />);
    expect(tab).toContain("accuracy 95.0 % before → 60.0 % after");
    expect(tab).toContain("on 40 held-out rows under its own classifier.");
    expect(drawn(<ResultsTab results={results} earlier={null} />)).not.toContain("Earlier task");
  });

  it("stands in the run's files, after the evaluation that it goes with", () => {
    const events = inOrder(stepEvents(10), evaluations, earlier);
    const told = events.filter(({ type }) => type !== "step").map(({ type, step }) => `${type} ${step}`);
    expect(told).toEqual([0, 5, 10, 10].flatMap((step) => [`evaluation ${step}`, `earlier ${step}`]));
    const lines = eventsCsv(stepEvents(1), evaluations, ["ham", "spam"], earlier).trimEnd().split("\r\n");
    const cells = lines.map((line) => line.split(","));
    expect(new Set(cells.map(({ length }) => length)).size).toBe(1);
    expect(cells.find(([type]) => type === "earlier")?.slice(0, 6)).toEqual(["earlier", "baseline", "0", "0", "", ""]);
    expect(cells.filter(([type]) => type === "earlier").map((row) => row[11])).toEqual(["0.95", "0.6", "0.8", "0.85"]);
  });
});
