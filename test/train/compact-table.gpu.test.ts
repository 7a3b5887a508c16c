import { beforeAll, describe, it } from "vitest";
import { startBackends } from "../ops/backends.ts";
import { compactRuns, expectClippedAlike, expectSameTraining, expectWholeForLargeSteps } from "./compact-table.ts";

beforeAll(async () => {
  await startBackends();
});

describe("the word table's gradient as the rows of each step, on webgpu", () => {
  it.each(compactRuns)("trains as with all rows: $name", async (run) => {
    await expectSameTraining(run);
  });

  it("is clipped as with all rows", async () => {
    await expectClippedAlike();
  });

  it("has all rows where steps have about as many tokens", async () => {
    await expectWholeForLargeSteps();
  });
});
