import { describe, expect, it } from "vitest";
import { evaluationGroups, groupsOf, onePerStep, scopePhrase } from "../../../src/app/run/evaluations.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { evaluation } from "./events.ts";

describe("evaluationGroups", () => {
  it("is one group where the sample is the whole validation set, so that its line is joined", () => {
    const events = [evaluation(0, "baseline", 64, 32), evaluation(3, "sample", 100, 9), evaluation(6, "full", 100, 4)];
    const groups = evaluationGroups(events, 100, 256);
    expect(groups.map((group) => group.rows)).toEqual(["all 100 rows (64 at step 0)"]);
    expect(groups[0]?.events.map((event) => event.step)).toEqual([0, 3, 6]);
  });

  it("has its groups before there is anything in them, so that no legend grows later", () => {
    expect(evaluationGroups([], 1000, 256).map((group) => group.rows)).toEqual(["256 sample rows", "all 1,000 rows"]);
    const planless = { evaluations: [], plan: null, recipe: defaultRecipe };
    expect(groupsOf(planless).map((group) => group.rows)).toEqual(["256 sample rows", "all rows"]);
  });
});

describe("onePerStep", () => {
  it("keeps of one step the evaluation on the most rows, in order of steps", () => {
    const events = [evaluation(8, "full", 1000, 1), evaluation(8, "sample", 200, 1), evaluation(2, "sample", 200, 1)];
    expect(onePerStep(events).map((event) => [event.step, event.scope])).toEqual([
      [2, "sample"],
      [8, "full"],
    ]);
  });
});

describe("scopePhrase", () => {
  it("says on which rows and when", () => {
    expect(scopePhrase(evaluation(0, "baseline", 64, 1))).toBe("64 validation rows at step 0");
    expect(scopePhrase(evaluation(140, "full", 1114, 1))).toBe("all 1,114 validation rows, step 140");
  });
});
