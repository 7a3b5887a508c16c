import { describe, expect, it } from "vitest";
import { evaluationGroups } from "../../../src/app/run/evaluations.ts";
import { lossLines, metricLines, rateLines } from "../../../src/app/run/line-builders.ts";
import { inset } from "../../../src/app/run/Plot.tsx";
import { axisLabel, metricScale, scoreScale, valueScale } from "../../../src/app/run/y-scales.ts";
import { lossTicks } from "../../../src/app/setup/RateCurvePlot.tsx";
import { defaultTask, textTask } from "../../../src/tasks/registry.ts";
import { curveOf } from "../../../src/train/rate-finder.ts";
import { evaluation, stepEvent } from "./events.ts";

const series = metricLines(
  evaluationGroups([evaluation(0, "baseline", 64, 32), evaluation(5, "full", 1000, 30)], 1000, 1000),
  "step",
  Infinity,
  defaultTask,
);

describe("the axis of a metric", () => {
  const [accuracy] = defaultTask.metrics;

  it("goes to 1 for a share, and as far as the values for a loss", () => {
    expect(metricScale(accuracy, series)).toMatchObject({ domain: [0, 1.03] });
    const high = series.map((line) => ({ ...line, points: line.points.map((point) => ({ ...point, y: 6 })) }));
    expect(metricScale(textTask.loss, high, { zoomed: true }).ticks.at(-1)).toBeGreaterThanOrEqual(6);
  });

  it("is zoomed by its own lines alone", () => {
    const right = series.map((line) => ({ ...line, axis: "right" as const }));
    expect(metricScale(accuracy, right, { axis: "right", zoomed: true }).ticks[0]).toBe(0.96);
    expect(metricScale(accuracy, right, { zoomed: true }).ticks[0]).toBe(0.99);
  });

  it("is named by what the task says, else by the metric", () => {
    expect([...textTask.metrics, defaultTask.loss, accuracy].map(axisLabel)).toEqual([
      ...["loss of the masked words (natural log)", "pseudo-perplexity of the texts"],
      ...["loss (natural log)", "accuracy"],
    ]);
  });
});

describe("scoreScale", () => {
  it("goes from 0 to 1 unless zoomed, with room for marks at 1", () => {
    const { domain, ticks } = scoreScale("", false, series);
    expect(domain).toEqual([0, 1.03]);
    expect(ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("begins just below the lowest score when zoomed, the untrained model's not counted", () => {
    const { domain, ticks } = scoreScale("", true, series);
    expect(domain[0]).toBe(0.96);
    expect(ticks).toEqual([0.96, 0.97, 0.98, 0.99, 1]);
    expect(scoreScale("", true, []).ticks).toEqual([0.99, 1]);
  });
});

/** At 11 px a digit is up to 6.2 px wide; the tick and its distance take 8. */
const roomFor = (text: string) => 6.2 * text.length + 8;

describe("the axis of a chart's values", () => {
  it("goes from 0 to a round value above the highest point of its own lines", () => {
    const steps = [0.2, 1.39349365234375, 0.7].map((loss, i) =>
      stepEvent(i + 1, { loss, gradientNorm: 12_345 * loss, learningRate: 1.9e-5 * (i + 1) }),
    );
    const loss = valueScale("loss", "left", lossLines(steps, [], "step", 0.9, Infinity, defaultTask));
    expect(loss.domain).toEqual([0, 1.5]);
    expect(loss.ticks.map(loss.tickText)).toEqual(["0.0", "0.5", "1.0", "1.5"]);
    const lines = rateLines(steps, "step", Infinity);
    const [rate, norm] = [valueScale("rate", "left", lines), valueScale("norm", "right", lines)];
    expect(rate.ticks.map(rate.tickText)).toEqual(["0", "2e-5", "4e-5", "6e-5"]);
    expect(norm.ticks.map(norm.tickText)).toEqual(["0", "5000", "10000", "15000", "20000"]);
    for (const { ticks, tickText } of [loss, rate, norm]) {
      for (const text of ticks.map(tickText)) expect(roomFor(text), text).toBeLessThanOrEqual(inset.left);
    }
  });

  it("is there before the first step, and where a value is not finite", () => {
    expect(valueScale("loss", "left", []).domain).toEqual([0, 1]);
    const broken = [stepEvent(1, { loss: NaN }), stepEvent(2, { loss: 0.5 }), stepEvent(3, { loss: Infinity })];
    expect(valueScale("loss", "left", lossLines(broken, [], "step", 0.9, Infinity, defaultTask)).domain).toEqual([
      0, 0.6,
    ]);
  });

  it("of the rate finder shows the whole fall, and of a loss that blows up its beginning", () => {
    const rates = Array.from({ length: 60 }, (_, i) => 1e-6 * 1e5 ** (i / 59));
    for (const scale of [1, 0.01, 40]) {
      const steps = rates.map((rate) => ({ rate, loss: scale * (0.7 / (1 + rate / 1e-3) + (rate / 0.02) ** 2) }));
      const curve = curveOf(steps);
      const { domain, ticks, text } = lossTicks(curve);
      const lowest = Math.min(...curve.points.map(({ smoothed }) => smoothed));
      expect(domain[0]).toBeLessThanOrEqual(lowest);
      expect(domain[1]).toBeGreaterThan(curve.start);
      expect(domain[1]).toBeLessThan(3 * curve.start);
      for (const written of ticks.map(text)) expect(roomFor(written), written).toBeLessThanOrEqual(inset.left);
    }
    expect(lossTicks(curveOf([])).domain).toEqual([0, 1]);
  });
});
