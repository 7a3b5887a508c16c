import { describe, expect, it } from "vitest";
import { taskNamed, textTask } from "../../src/tasks/registry.ts";
import { eventOfToday } from "../../src/tasks/older-events.ts";
import type { EarlierEvent } from "../../src/train/events.ts";
import { recordedText } from "../advice/recorded-run.ts";

describe("an event of an earlier version of metrics.jsonl", () => {
  it("has its scores of texts in a report, and names its task", () => {
    const scores = { loss: 2, perplexity: 7.4, rows: 4, masked: 9 };
    const at = { scope: "sample", step: 6, epoch: 0.6 };
    expect(eventOfToday({ type: "earlierCorpus", ...at, ...scores, guessing: 10 })).toEqual({
      ...{ type: "earlier", task: "masked-lm", ...at },
      report: { ...scores, guessing: 10 },
    });
    const times = { step: 6, steps: 9, epoch: 0.6, trainingMs: 1, wallMs: 2 };
    expect(eventOfToday({ type: "pretrainEvaluation", ...times, ...scores })).toEqual({
      ...{ type: "pretrainEvaluation", task: "masked-lm", ...times },
      report: scores,
    });
    expect(eventOfToday({ type: "pretrainStep", step: 1, rows: 4, masked: 9 })).toEqual({
      ...{ type: "pretrainStep", step: 1, rows: 4 },
      targets: 9,
    });
    expect(eventOfToday({ type: "earlier", ...at, report: {} })).toEqual({
      ...{ type: "earlier", task: "single-label", ...at },
      report: {},
    });
  });

  it.each([
    { type: "earlier", task: "masked-lm", report: {} },
    { type: "pretrainEvaluation", task: "masked-lm", report: { loss: 2 } },
    { type: "pretrainStep", targets: 9, loss: 1 },
    { type: "step", loss: 1 },
  ])("of today stays as it is: %j", (event) => {
    expect(eventOfToday(event)).toEqual(event);
  });

  it("is read by its task, of a run that was recorded then", () => {
    const text = recordedText("forgetting-texts");
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const scored = lines.filter(({ type }) => type === "earlierCorpus");
    expect(scored.length).toBeGreaterThan(5);
    for (const line of scored) {
      const { task, report, step } = eventOfToday(line) as unknown as EarlierEvent;
      expect(step).toBe(line.step);
      expect(taskNamed(task)).toBe(textTask);
      expect(textTask.metrics.map(({ of }) => of(report))).toEqual([line.loss, line.perplexity]);
    }
  });
});
