import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { chartCsv } from "../../../src/app/run/ChartTable.tsx";
import { evaluationGroups, scopePhrase } from "../../../src/app/run/evaluations.ts";
import { eventsCsv } from "../../../src/app/run/events-file.ts";
import { scoreText } from "../../../src/app/figures.ts";
import { metricLines, forgettingLines, lossLines, rateLines } from "../../../src/app/run/line-builders.ts";
import { ResultsTab } from "../../../src/app/run/ResultsTab.tsx";
import { legendName, type Series } from "../../../src/app/run/series.ts";
import { trendText } from "../../../src/app/run/trend.ts";
import { LengthNote } from "../../../src/app/run/TryTab.tsx";
import { rowScoresFrom } from "../../metrics/row-scores-from.ts";
import { evaluation, stepEvents, textsReport } from "./events.ts";
import { defaultTask, textTask } from "../../../src/tasks/registry.ts";
import { classLines } from "../../../src/app/tasks/classes/class-lines.ts";

const steps = stepEvents(3);
const evaluations = [
  evaluation(0, "baseline", 64, 30),
  evaluation(2, "sample", 256, 20),
  evaluation(3, "full", 1114, 40),
];
const groups = evaluationGroups(evaluations, 1114, 256);
const texts = [{ step: 1, wallMs: 1, trainingMs: 1, report: textsReport(2, 52) }];
const compared = { earlierTask: textTask, metric: textTask.loss, newMetric: defaultTask.metrics[0] };
const charts: [string, Series[]][] = [
  ["loss", lossLines(steps, groups, "step", 0.9, Infinity, defaultTask)],
  ["rate", rateLines(steps, "step", Infinity)],
  ["accuracy", metricLines(groups, "step", Infinity, defaultTask)],
  ["forgetting", forgettingLines(texts, groups, compared, "step", Infinity)],
  ["classes", classLines(evaluations, ["left", "ham"], [1], "f1", "step", Infinity)],
];

describe("CSV headers", () => {
  it.each(charts)("of the chart “%s” say what a column holds, and no place in the layout", (_, lines) => {
    expect(chartCsv(lines).split("\r\n")[0]).not.toMatch(/\((left|right)\)|↓|→|axis|above|below/);
    expect(new Set(lines.map(({ name }) => name)).size).toBe(lines.length);
  });

  it("of a run's numbers have a name for every column", () => {
    const header = eventsCsv(steps, evaluations, ["ham", "spam"]).split("\r\n")[0]?.split(",") ?? [];
    expect(header.filter((name) => name === "" || /left|right/.test(name))).toEqual([]);
  });

  it("leave the axis to the legend, where there are two", () => {
    const [norm, rate] = rateLines(steps, "step", Infinity);
    expect(
      [norm, rate].map(
        (line) =>
          line &&
          legendName(
            line,
            [norm, rate].flatMap((one) => one ?? []),
          ),
      ),
    ).toEqual(["gradient norm (right)", "learning rate (left)"]);
    const [first] = lossLines(steps, groups, "step", 0.9, Infinity, defaultTask);
    expect(first && legendName(first, [first])).toBe("training, each step");
  });
});

describe("legend and matrix", () => {
  it("name the same rows of an evaluation", () => {
    expect(groups.map(({ rows }) => rows)).toEqual(["256 sample rows (64 at step 0)", "all 1,114 rows"]);
    expect(evaluations.map(scopePhrase)).toEqual([
      "64 validation rows at step 0",
      "256 sample rows of the validation rows, step 2",
      "all 1,114 validation rows, step 3",
    ]);
    const few = [evaluation(0, "baseline", 30, 3), evaluation(3, "full", 30, 3)];
    expect(evaluationGroups(few, 30, 256).map(({ rows }) => rows)).toEqual(["all 30 rows"]);
  });
});

describe("a trend in words", () => {
  const line = (values: number[], parts: Partial<Series> = {}): Series => ({
    key: "k",
    name: "validation, all rows",
    color: "",
    dash: "",
    mark: null,
    weight: "normal",
    axis: "left",
    points: values.map((y, i) => ({ x: i, y, at: { step: i, wallMs: i, trainingMs: i } })),
    ...parts,
  });

  it("stays where no digit of it moves", () => {
    expect(trendText([line([0.0912, 0.0909, 0.0911])], "higher", scoreText)).toBe(
      "Validation, all rows stayed at 0.091 up to step 2.",
    );
  });

  it("leaves the name of a class as it is", () => {
    for (const name of ["ham", "éclair", "ßpam"]) {
      expect(trendText([line([0.2, 0.9], { name, isClass: true })], "higher", scoreText)).toMatch(
        `“${name}” rose from`,
      );
    }
  });
});

describe("a report that others will open", () => {
  it("is offered with formulas neutralized", () => {
    const { report } = evaluation(3, "full", 20, 2);
    const labelNames = ["=cmd", "ham"];
    const results = {
      task: "single-label",
      weights: "best",
      step: 3,
      labelNames,
      report,
      truth: { labels: new Int32Array(20) },
      scores: rowScoresFrom(new Int32Array(20), new Array<number>(40).fill(0.5), 2),
    } as const;
    const html = renderToString(
      <MantineProvider>
        <ResultsTab results={{ ...results, labelNames }} earlier={null} />
      </MantineProvider>,
    );
    expect(html).toContain("Neutralize formulas (= + - @) in CSV");
  });
});

describe("a text that is tried", () => {
  const note = (whole: number, read: number, two = false, windows = 1) =>
    renderToString(
      <MantineProvider>
        <LengthNote answer={{ length: { whole, read, windows } }} two={two} />
      </MantineProvider>,
    ).replaceAll("<!-- -->", "");

  it("is said to be cut where the model reads a part alone", () => {
    expect(note(812, 512)).toContain("This text has 812 tokens. The model reads 512 of them: the rest is left out.");
    expect(note(1300, 64, true)).toContain("These texts have 1,300 tokens. The model reads 64 of them");
    expect(note(512, 512)).not.toContain("tokens");
    expect(note(7, 7, true)).not.toContain("left out");
  });

  it("is said to be read in windows where it is", () => {
    expect(note(812, 812, false, 9)).toContain("The model reads them in 9 windows");
  });
});
