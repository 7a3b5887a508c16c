import { describe, expect, it } from "vitest";
import { eventsCsv, eventsJsonl, inOrder } from "../../../src/app/run/events-file.ts";
import { classScoresCsv } from "../../../src/app/tasks/classes/class-csv.ts";
import { evaluation, stepEvents } from "./events.ts";

const steps = stepEvents(2);
const evaluations = [evaluation(0, "baseline", 64, 32), evaluation(1, "full", 100, 10)];

describe("eventsJsonl", () => {
  it("has one event a line, which reads back as it was", () => {
    const lines = eventsJsonl(inOrder(steps, evaluations)).trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      evaluations[0],
      steps[0],
      evaluations[1],
      steps[1],
    ]);
  });
});

describe("eventsCsv", () => {
  it("has the same number of cells in each line, and every class's scores", () => {
    const lines = eventsCsv(steps, evaluations, ["ham", "spam, or so"]).trimEnd().split("\r\n");
    expect(lines.length).toBe(5);
    expect(lines[0]).toContain('"recall of spam, or so"');
    const cells = lines.slice(1).map((line) => line.split(","));
    expect(cells.map((row) => row.length)).toEqual([23, 23, 23, 23]);
    expect(cells.map((row) => row.slice(0, 3))).toEqual([
      ["evaluation", "baseline", "0"],
      ["step", "", "1"],
      ["evaluation", "full", "1"],
      ["step", "", "2"],
    ]);
    expect(cells[2]?.[11]).toBe("0.9");
    expect(cells[2]?.[21]).toBe("0.8");
  });
});

describe("with thousands of classes", () => {
  const labelNames = Array.from({ length: 4000 }, (_, index) => `class ${index}`);
  const many = evaluations.map((event) => {
    const classes = labelNames.map((_, index) => event.report.classes[index] ?? null);
    return { ...event, report: { ...event.report, classes } };
  });

  it("eventsCsv has no columns of single classes", () => {
    const lines = eventsCsv(steps, many, labelNames).trimEnd().split("\r\n");
    expect(lines.map((line) => line.split(",").length)).toEqual([17, 17, 17, 17, 17]);
  });

  it("classScoresCsv has a line for each class that stands in the rows or the predictions", () => {
    const lines = [...classScoresCsv(many, labelNames)].map((line) => line.trimEnd());
    expect(lines[0]).toBe("scope,step,epoch,class,rows,precision,recall,F1");
    expect(lines.slice(1).map((line) => line.split(",").slice(0, 5))).toEqual([
      ["baseline", "0", "0", "class 0", "32"],
      ["baseline", "0", "0", "class 1", "32"],
      ["full", "1", "0.1", "class 0", "50"],
      ["full", "1", "0.1", "class 1", "50"],
    ]);
  });
});
