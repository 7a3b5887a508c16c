import { beforeAll, describe, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { compactRuns, expectClippedAlike, expectSameTraining, expectWholeForLargeSteps } from "./compact-table.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("the word table's gradient as the rows of each step, on wasm", () => {
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
