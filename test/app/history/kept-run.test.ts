import { describe, expect, it } from "vitest";
import { keptRunFrom, listedScores } from "../../../src/app/history/kept-run.ts";
import { readRunFile, runFile } from "../../../src/app/history/run-file.ts";
import { Problem } from "../../../src/problem/problem.ts";
import { keptRun } from "./memory-runs.ts";

async function refused(content: string, name = "x.json"): Promise<Problem> {
  const error: unknown = await readRunFile(new File([content], name)).catch((reason: unknown) => reason);
  if (!(error instanceof Problem)) throw new Error("A Problem was expected.");
  return error;
}

describe("a run as a file", () => {
  it("comes back as it was, and is named after the run", async () => {
    const run = keptRun({
      name: "Spam: 3 epochs?",
      note: "“quoted”",
      answers: { fingerprint: "00ff00ff00ff00ff", rows: 9, right: "AQI=" },
    });
    const file = runFile(run);
    expect(file.name).toBe("spam-3-epochs.tabtune-run.json");
    expect(await readRunFile(file)).toEqual(run);
    expect(runFile(keptRun({ name: "???" })).name).toBe("run.tabtune-run.json");
  });

  it("is refused where it is no run, with what to do", async () => {
    expect(await refused("{")).toMatchObject({ found: "x.json is not JSON.", expected: /“Export”/ });
    for (const content of ["[]", "null", "{}", '{"version": 3, "epochs": 2}']) {
      expect((await refused(content)).found).toBe("x.json is no run of Tabtune.");
    }
    const cut = await refused(JSON.stringify({ ...keptRun(), steps: { step: ["one"] }, ending: 3 }));
    expect(cut.found).toMatch(/^x\.json does not hold what a run holds: ending/);
    expect(cut.details).toContain("steps.");
    expect((await refused(JSON.stringify({ ...keptRun(), more: 1 }))).found).toMatch(/more/);
    const text = JSON.stringify({ ...keptRun(), recipe: { ...keptRun().recipe, epochs: -1 } });
    expect((await refused(text)).found).toMatch(/^The recipe of x\.json: “epochs”/);
  });

  it("is refused kindly where it is of a later version", async () => {
    const later = await refused(JSON.stringify({ ...keptRun(), version: 2, more: 1 }));
    expect(later).toMatchObject({
      found: "x.json was written by a later version of Tabtune (format 2).",
      remedy: "Reload the page to get the newest version, then import the file again.",
    });
  });

  it("has its recipe read as that of an older version", () => {
    const { batchSize, ...recipe } = keptRun().recipe;
    const older = { ...recipe, rowsPerStep: batchSize, version: 2 };
    expect(keptRunFrom({ ...keptRun(), recipe: older }, "x").recipe).toEqual(keptRun().recipe);
  });
});

it("is listed by the folds' mean, else by its best weights, last weights or baseline", () => {
  const of = (values: Record<string, number>) => ({ step: 1, rows: 2, values });
  const folds = { folds: 3, repeats: 1, complete: 3, mean: { accuracy: 0.1 }, deviation: {} };
  const run = keptRun({ best: of({ accuracy: 0.2 }), last: of({ accuracy: 0.3 }), baseline: of({ accuracy: 0.4 }) });
  expect(listedScores({ ...run, folds }).values).toEqual({ accuracy: 0.1 });
  expect(listedScores(run).values).toEqual({ accuracy: 0.2 });
  expect(listedScores({ ...run, best: null }).values).toEqual({ accuracy: 0.3 });
  expect(listedScores({ ...run, best: null, last: null }).values).toEqual({ accuracy: 0.4 });
});
