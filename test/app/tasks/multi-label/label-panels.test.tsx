import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { LabelMatrices } from "../../../../src/app/tasks/multi-label/LabelMatrices.tsx";
import { matrixLines, mostWrongFirst } from "../../../../src/app/tasks/multi-label/matrix-view.ts";
import { multiLabelRun } from "../../../../src/app/tasks/multi-label/run-panels.ts";
import { wrongByLabel, wrongLabels } from "../../../../src/app/tasks/multi-label/wrong-labels.ts";
import { MultiLabelScorer } from "../../../../src/metrics/multi-label/scorer.ts";

const labelNames = ["joy", "anger", "=fear"];
const truth = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0);
const thresholds = [0.5, 0.5, 0.25];
const logits = Float32Array.of(2, -2, -3, 3, -1, -3, -1, 2, -2, -2, -2, -2);
const scorer = new MultiLabelScorer({ truth, labels: 3 }, thresholds);
scorer.add(logits);
const report = scorer.report();
const results = {
  truth: { labels: truth, labelWidth: 3 },
  scores: { logits, thresholds, losses: scorer.rowLosses() },
  labelNames,
};

const shown = (panel: ReactNode) =>
  renderToString(<MantineProvider>{panel}</MantineProvider>).replaceAll("<!-- -->", "");

describe("wrongLabels", () => {
  it("lists the rows with a missed or an added label, the highest loss first", () => {
    const wrong = wrongLabels(results);
    expect(wrong.map(({ row, missed, added }) => ({ row, missed, added }))).toEqual([
      { row: 2, missed: [2], added: [1] },
      { row: 1, missed: [1], added: [] },
    ]);
    expect(wrongByLabel(wrong, "missed")).toEqual([
      { index: 1, rows: 1 },
      { index: 2, rows: 1 },
    ]);
    expect(wrongByLabel(wrong, "added")).toEqual([{ index: 1, rows: 1 }]);
  });
});

describe("the matrices of labels", () => {
  it("are in order of their wrong decisions, and one line each in a file", () => {
    expect(mostWrongFirst(report)).toEqual([1, 2, 0]);
    expect(matrixLines(report, labelNames).lines).toEqual([
      ["joy", 0.5, 2, 0, 0, 2],
      ["anger", 0.5, 0, 1, 1, 2],
      ["=fear", 0.25, 0, 0, 1, 3],
    ]);
  });

  it("are shown with name and threshold, and the space is kept before there are any", () => {
    const page = shown(<LabelMatrices report={report} labelNames={labelNames} rows="all 4 validation rows" />);
    expect(page.indexOf("anger")).toBeLessThan(page.indexOf("joy"));
    expect(page).toContain("threshold 0.25");
    expect(page).toContain("all 4 validation rows");
    expect(shown(<LabelMatrices report={null} labelNames={labelNames} rows="" />)).toContain(
      "Shown after the first evaluation.",
    );
  });
});

describe("the report of several labels", () => {
  it("has a line for each label and each average in report.csv", () => {
    const { header, of } = multiLabelRun.scoreLines;
    const lines = of(report, labelNames);
    expect(lines.map(([name]) => name)).toEqual([
      ...labelNames,
      "macro average",
      "micro average",
      "weighted average",
      "average of rows",
    ]);
    for (const line of lines) expect(line).toHaveLength(header.length);
    expect(lines[0]).toEqual(["joy", 1, 1, 1, 1, 0.5, 2]);
  });

  it("is shown with average precision and threshold of each label", () => {
    const { Scores } = multiLabelRun;
    const page = shown(<Scores report={report} labelNames={labelNames} />);
    expect(page).toContain("Average precision");
    expect(page).toContain("average of rows");
    expect(page).toContain("0.250");
  });
});
