import { MantineProvider } from "@mantine/core";
import fc from "fast-check";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { correlationScale } from "../../../../src/app/tasks/regression/CorrelationChart.tsx";
import { histogramOf } from "../../../../src/app/tasks/regression/histogram.ts";
import { largestErrors } from "../../../../src/app/tasks/regression/largest-errors.ts";
import { Residuals } from "../../../../src/app/tasks/regression/Residuals.tsx";
import { regressionRun } from "../../../../src/app/tasks/regression/run-panels.ts";
import { regressionReportOf } from "../../../../src/metrics/regression/report.ts";

const truth = Float32Array.of(1, 2, 3, 4);
const predicted = Float32Array.of(1.5, 2, 2, 4.25);
const report = regressionReportOf(truth, predicted);

const shown = (panel: ReactNode) =>
  renderToString(<MantineProvider>{panel}</MantineProvider>).replaceAll("<!-- -->", "");

describe("largestErrors", () => {
  it("lists all rows, those furthest off first", () => {
    expect(largestErrors({ truth: { labels: truth }, scores: { predicted } })).toEqual([
      { row: 2, truth: 3, predicted: 2, residual: -1 },
      { row: 0, truth: 1, predicted: 1.5, residual: 0.5 },
      { row: 3, truth: 4, predicted: 4.25, residual: 0.25 },
      { row: 1, truth: 2, predicted: 2, residual: 0 },
    ]);
  });
});

describe("histogramOf", () => {
  it("counts every value in the bin that holds it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 60 }), (values) => {
        const { edges, counts } = histogramOf(values);
        expect(counts).toHaveLength(edges.length - 1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        counts.forEach((count, bin) => {
          const [from, to] = [edges[bin] ?? NaN, edges[bin + 1] ?? NaN];
          const isLast = bin === counts.length - 1;
          // Edges are cleaned decimals: a value may be off by the last bit.
          const within = values.filter((v) => v >= from - 1e-6 && (v < to - 1e-6 || (isLast && v <= to + 1e-6)));
          expect(count).toBe(within.length);
        });
      }),
    );
  });

  it("leaves out what is no number", () => {
    expect(histogramOf([NaN, 1, Infinity, 2]).counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});

describe("the panel of residuals", () => {
  it("draws a point for each row, and says what is to be seen", () => {
    const page = shown(<Residuals report={report} rows="all 4 validation rows" />);
    expect(page.match(/<circle/g)).toHaveLength(4);
    expect(page).toContain("Pearson correlation 0.865");
    expect(page).toContain("Half of the residuals lie between");
  });

  it("says where only some rows are drawn, and keeps its place before there are any", () => {
    const many = Float32Array.from({ length: 900 }, (_, row) => row);
    expect(shown(<Residuals report={regressionReportOf(many, many)} rows="all 900 rows" />)).toContain(
      "all 900 rows; 200 of them are drawn",
    );
    expect(shown(<Residuals report={null} rows="" />)).toContain("Shown after the first evaluation.");
  });
});

describe("the files of a regression", () => {
  it("have lines of equal width", () => {
    const { header, of } = regressionRun.scoreLines;
    for (const line of of(report, [])) expect(line).toHaveLength(header.length);
    const columns = regressionRun.columns([]);
    expect(columns.cellsOf(report)).toHaveLength(columns.header.length);
  });
});

describe("correlationScale", () => {
  const lines = (...values: number[]) => [
    { points: values.map((y, step) => ({ x: step, y, at: { step, wallMs: 0, trainingMs: 0 } })) },
  ];
  it("reaches from the lowest value, at least 0 and at most −1, to 1", () => {
    type Lines = Parameters<typeof correlationScale>[0];
    const start = (...values: number[]) => correlationScale(lines(...values) as unknown as Lines).domain[0];
    expect(start(0.2, 0.9)).toBe(0);
    expect(start(-0.3, 0.9)).toBeLessThanOrEqual(-0.3);
    expect(start(-250, 0.9)).toBe(-1);
  });
});
