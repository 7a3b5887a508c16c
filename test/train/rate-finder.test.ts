import { beforeAll, describe, expect, it } from "vitest";
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

  it("is none where the loss only rises or stays", () => {
    expect(curveOf(rates.map((rate) => ({ rate, loss: 1 + rate }))).suggestion).toBeNull();
    expect(curveOf([]).suggestion).toBeNull();
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
  });
});
