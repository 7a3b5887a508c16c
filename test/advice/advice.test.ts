import { readdirSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { advise } from "../../src/advice/advice.ts";
import { recipeSchema } from "../../src/recipe/recipe.ts";
import { otherRuns } from "./other-runs.ts";
import { plannedRuns } from "./planned-runs.ts";
import { recordedRun, runUntil } from "./recorded-run.ts";

/** What the advice is on each run of a fault, in its order. */
const faults: Record<string, string[]> = {
  overfitting: ["overfitting"],
  "overfitting-epochs": ["overfitting"],
  underfitting: ["underfitting"],
  instability: ["instability", "collapse"],
  swings: ["collapse", "instability"],
  diverged: ["instability"],
  collapse: ["collapse", "instability"],
  imbalance: ["imbalance"],
  "rate-too-low": ["rate-too-low"],
  "rate-too-high": ["collapse", "rate-too-high"],
  "always-clipped": ["always-clipped"],
  "batch-too-small": ["underfitting", "batch-too-small"],
  "cut-rows": ["overfitting", "max-length"],
  forgetting: ["forgetting"],
  "forgetting-texts": ["forgotten-texts"],
  "labels-never-predicted": ["never-predicted"],
  "labels-too-seldom": ["high-thresholds"],
  "labels-rare": ["rare-labels"],
  "labels-not-validated": ["label-not-validated"],
  "labels-mostly-absent": ["mostly-unlabelled"],
  "numbers-near-the-mean": ["near-the-mean"],
  "numbers-with-outliers": ["outliers"],
  "numbers-of-few-values": ["few-values"],
  "entities-all-outside": ["all-outside"],
  "entities-of-a-type-never-found": ["type-never-found"],
  "entities-with-wrong-boundaries": ["wrong-boundaries"],
};
const names = [...plannedRuns, ...otherRuns].map(({ name }) => name).sort();
const healthy = names.filter((name) => name.startsWith("healthy"));
const idsAt = (run: ReturnType<typeof recordedRun>, step: number) => advise(runUntil(run, step)).map(({ id }) => id);

describe("the recorded runs", () => {
  it("are those that are planned, and all are looked at", () => {
    const files = readdirSync(new URL("runs", import.meta.url)).filter((file) => file.endsWith(".jsonl.gz"));
    expect(files.sort()).toEqual(names.map((name) => `${name}.jsonl.gz`).sort());
    expect([...healthy, ...Object.keys(faults)].sort()).toEqual(names);
  });
});

describe("advice on a healthy run", () => {
  it.each(healthy)("%s: none, at its end and at any step before", (name) => {
    const run = recordedRun(name);
    expect(advise(run)).toEqual([]);
    for (const { step } of run.steps) expect(idsAt(run, step), `step ${step}`).toEqual([]);
  });
});

describe.each(Object.entries(faults))("advice on the run “%s”", (name, ids) => {
  const run = recordedRun(name);
  const findings = advise(run);

  it("names its faults, the gravest first", () => {
    expect(findings.map(({ id }) => id)).toEqual(ids);
  });

  it("says nothing of the first steps but what is certain", () => {
    const early = Math.min(8, run.steps.length) - 1;
    expect(idsAt(run, early).filter(() => name !== "diverged")).toEqual([]);
  });

  it("does not flicker: what has been found while the run goes on stays found", () => {
    const seen = new Set<string>();
    for (const { step } of run.steps) {
      const now = idsAt(run, step);
      for (const id of now) seen.add(id);
      for (const id of seen) expect(now, `step ${step}`).toContain(id);
    }
  });

  it("says how sure it is, and what to do, in changes that a recipe can hold", () => {
    for (const { title, text, remedies, certainty } of findings) {
      expect(title, text).toMatch(/^[A-Z].+[^.]$/);
      expect(text).toMatch(/\b(clear|certain|likely|may|depends)\b.*\.$/);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
      expect(certainty === "clear" ? text : "clear").toMatch(/clear|certain/);
      expect(remedies.some(({ change }) => change !== null)).toBe(true);
      for (const { change } of remedies) {
        if (!change) continue;
        expect(v.safeParse(recipeSchema, { ...run.recipe, ...change.patch }).success, change.label).toBe(true);
        expect({ ...run.recipe, ...change.patch }).not.toEqual(run.recipe);
      }
    }
  });
});
