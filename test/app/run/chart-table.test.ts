import { describe, expect, it } from "vitest";
import { chartCsv, chartTable } from "../../../src/app/run/ChartTable.tsx";
import { evaluationGroups } from "../../../src/app/run/evaluations.ts";
import { lossLines } from "../../../src/app/run/line-builders.ts";
import { evaluation, stepEvents } from "./events.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";

const groups = evaluationGroups([evaluation(2, "full", 100, 10)], 100, 100);
const lines = lossLines(stepEvents(3), groups, "wall", 0, Infinity, defaultTask);

describe("chartTable", () => {
  it("joins the lines by moment, whatever axis they are drawn on", () => {
    const { header, rows } = chartTable(lines);
    expect(header.slice(0, 3)).toEqual(["step", "run time (s)", "training time (s)"]);
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      [1, 0.25, 0.25, 1],
      [2, 0.5, 0.5, 0.5],
      [3, 0.75, 0.75, 1 / 3],
    ]);
    expect(rows.map((row) => Number.isNaN(row[5]))).toEqual([true, false, true]);
  });
});

describe("chartCsv", () => {
  it.each(["=1+1", "@class"])("lets no spreadsheet program run the name of the class %s", (name) => {
    const named = lines.map((line, place) => (place === 0 ? { ...line, name } : line));
    expect(chartCsv(named).split("\r\n")[0]).toContain(`,'${name},`);
  });

  it("writes full precision, empty cells, and quotes names with commas", () => {
    const [head, first, , third] = chartCsv(lines).split("\r\n");
    expect(head).toBe(
      'step,run time (s),training time (s),"training, each step","training, smoothed","validation, all 100 rows"',
    );
    expect(first).toBe("1,0.25,0.25,1,1,");
    expect(third).toBe(`3,0.75,0.75,${1 / 3},${1 / 3},`);
  });
});
