import { describe, expect, it } from "vitest";
import { figureText, scoreText } from "../../../src/app/figures.ts";
import type { Series } from "../../../src/app/run/series.ts";
import { trendText } from "../../../src/app/run/trend.ts";

function line(name: string, values: number[]): Series {
  const points = values.map((y, index) => ({ x: index, y, at: { step: index * 10, wallMs: 0, trainingMs: 0 } }));
  return { key: name, name, color: "", dash: "", mark: null, weight: "normal", axis: "left", points };
}

describe("trendText", () => {
  it("says where a falling loss was lowest", () => {
    expect(trendText([line("validation", [0.7, 0.2, 0.25])], "lower", figureText)).toBe(
      "Validation fell from 0.700 to 0.250 at step 20; lowest was 0.200 at step 10.",
    );
  });

  it("says when the last value is the best", () => {
    expect(trendText([line("accuracy", [0.5, 0.9])], "higher", scoreText)).toBe(
      "Accuracy rose from 0.500 to 0.900 at step 10, its highest so far.",
    );
  });

  it("calls a change of two in a hundred hardly a move", () => {
    expect(trendText([line("rate", [1, 2, 1.01])], "neither", figureText)).toBe(
      "Rate hardly moved, from 1.00 to 1.01 at step 20.",
    );
  });

  it("passes over what is not finite, and says when there is nothing", () => {
    expect(trendText([line("loss", [NaN, 0.5])], "lower", figureText)).toBe("Loss: 0.500 at step 10.");
    expect(trendText([line("loss", [])], "lower", figureText)).toBe("Nothing has been measured yet.");
  });
});
