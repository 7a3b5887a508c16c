import { beforeAll, describe, expect, it } from "vitest";
import { rateCurveText } from "../../src/advice/rate-curve-text.ts";
import { createRandom } from "../../src/data/random.ts";
import { RunControl } from "../../src/train/control.ts";
import { curveOf, findRate } from "../../src/train/rate-finder.ts";
import { useNodeBackend } from "../node-backend.ts";
import { runData } from "./run-of.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const rates = Array.from({ length: 60 }, (_, i) => 1e-6 * 1e5 ** (i / 59));

describe("the suggestion", () => {
  it("is where the loss falls fastest, below where it turns", () => {
    // Flat, a fall around 1e-4, flat, and up from 1e-2 on.
    const loss = (rate: number) => 1 / (1 + (rate / 1e-4) ** 2) + (rate / 2e-2) ** 2;
    const { suggestion, points } = curveOf(rates.map((rate) => ({ rate, loss: loss(rate) })));
    expect(points).toHaveLength(60);
    expect(suggestion).toBeGreaterThanOrEqual(5e-5);
    expect(suggestion).toBeLessThanOrEqual(5e-4);
  });

  it("lies where the drawn curve falls, and not before it", () => {
    for (const [at, noise] of [
      [1e-5, 0],
      [1e-4, 0.02],
      [1e-3, 0.01],
      [5e-3, 0.03],
    ] as const) {
      const loss = (rate: number, i: number) => 0.3 + 1 / (1 + (rate / at) ** 3) + noise * Math.sin(37 * i);
      const { suggestion, steepest, points } = curveOf(rates.map((rate, i) => ({ rate, loss: loss(rate, i) })));
      const near = (rate: number | null) => points.findIndex((point) => point.rate >= (rate ?? NaN) * 0.999);
      const fallAt = (place: number) =>
        (points[Math.max(0, place - 4)]?.smoothed ?? NaN) - (points[Math.min(59, place + 4)]?.smoothed ?? NaN);
      expect(suggestion, `${at}`).toBeGreaterThanOrEqual(at / 3);
      expect(suggestion ?? NaN, `${at}`).toBeLessThanOrEqual(steepest ?? NaN);
      expect(fallAt(near(suggestion)), `${at}`).toBeGreaterThan(fallAt(near(steepest)) / 4);
    }
  });

  it("is none where the loss only rises or stays, however it is shaken", () => {
    expect(curveOf(rates.map((rate) => ({ rate, loss: 1 + rate }))).suggestion).toBeNull();
    expect(curveOf([]).suggestion).toBeNull();
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed);
      // As 16 rows of two classes give it, and blowing up at the end in every second sweep.
      const flat = rates.map((rate) => ({
        rate,
        loss: 0.69 + 0.12 * (random() + random() + random() - 1.5) + (seed % 2 && rate > 0.03 ? 2 : 0),
      }));
      const { suggestion, steepest } = curveOf(flat);
      expect([suggestion, steepest], `seed ${seed}`).toEqual([null, null]);
    }
  });
});

describe("the words for a sweep", () => {
  const falling = curveOf(rates.map((rate) => ({ rate, loss: 1 / (1 + (rate / 1e-4) ** 2) })));

  it("name the steepest fall and its beginning", () => {
    expect(rateCurveText(falling)).toMatch(
      /^The smoothed loss falls fastest near [12]e-4; [125]e-[45] is where that fall begins\. A starting point, not a final answer\.$/,
    );
  });

  it("say that no rate stands out, at which loss", () => {
    const flat = curveOf(rates.map((rate, i) => ({ rate, loss: 0.69 + 0.01 * (i % 3) })));
    expect(rateCurveText(flat)).toMatch(/^No rate stands out: the loss stayed near 0\.7\. Try a larger batch size/);
    expect(rateCurveText(curveOf([]))).toBe("No rate was tried.");
  });

  it("say where the sweep ended before its highest rate, and whether by itself", () => {
    const steps = rates.map((rate) => ({ rate, loss: 1 / (1 + (rate / 1e-4) ** 2) }));
    expect(rateCurveText(curveOf(steps.slice(0, 50), "diverged"))).toContain(
      "The sweep ended near 1e-2, where the loss blew up.".replace("1e-2", "0.01"),
    );
    expect(rateCurveText(curveOf(steps.slice(0, 8), "stopped"))).toMatch(
      /^No rate stands out so far: the loss stayed near 1\. The sweep was cut short after 8 of 60 steps: rates from 4e-6 to 0\.1 were not tried\.$/,
    );
    expect(rateCurveText(curveOf(steps.slice(0, 45), "stopped"))).toMatch(
      /falls fastest near .* The sweep was cut short after 45 of 60 steps/,
    );
  });
});

describe("the sweep", () => {
  it("trains at rising rates until the loss blows up, and suggests a rate at which the model learns", async () => {
    const model = await tinyModel();
    const told: number[] = [];
    const control = new RunControl();
    const curve = await findRate(model, runData, tinyRecipe, control, (done) => told.push(done));
    model.dispose();
    expect(told).toEqual(curve.points.map((_, i) => i + 1));
    expect(curve.points.map(({ rate }) => rate)).toEqual(
      [...curve.points.map(({ rate }) => rate)].sort((a, b) => a - b),
    );
    expect(curve.points[0]?.rate).toBeCloseTo(1e-6, 12);
    expect(curve.suggestion).toBeGreaterThanOrEqual(1e-5);
    expect(curve.suggestion).toBeLessThanOrEqual(1e-2);
  });

  it("ends early when told to, with what it has", async () => {
    const model = await tinyModel();
    const control = new RunControl();
    const curve = await findRate(model, runData, tinyRecipe, control, (done) => {
      if (done === 3) control.stop();
    });
    model.dispose();
    expect(curve.points).toHaveLength(3);
    expect(curve).toMatchObject({ end: "stopped", suggestion: null, steepest: null });
  });
});
