import { describe, expect, it } from "vitest";
import { eventsCsv, eventsJsonl, inOrder } from "../../../src/app/run/events-file.ts";
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
    expect(cells.map((row) => row.length)).toEqual([21, 21, 21, 21]);
    expect(cells.map((row) => row.slice(0, 3))).toEqual([
      ["evaluation", "baseline", "0"],
      ["step", "", "1"],
      ["evaluation", "full", "1"],
      ["step", "", "2"],
    ]);
    expect(cells[2]?.[11]).toBe("0.9");
    expect(cells[2]?.[19]).toBe("0.8");
  });
});
