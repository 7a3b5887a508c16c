import { expect, it } from "vitest";
import { adviceLines } from "../../src/cli/run-advice.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import type { RunInput } from "../../src/run/run.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { recordedLines } from "../advice/recorded-run.ts";

/** The events of a run of test/advice/runs. */
function recordedEvents(name: string): TrainEvent[] {
  return recordedLines(name).flatMap((line) => (line.type === "run" ? [] : [line]));
}

it("the advice of the command line reads the earlier task's scores, and names the fields that help", () => {
  const rows = { ids: new Int32Array(4), types: new Int32Array(4), rowStart: Int32Array.of(0, 2, 4) };
  const train = { ...rows, fullLengths: Int32Array.of(2, 2), labels: Int32Array.of(0, 1) };
  const config = { maxPositions: 64 };
  const input = { opened: { config }, recipe: defaultRecipe, labelNames: ["a", "b"], train };
  const lines = adviceLines(input as unknown as RunInput, recordedEvents("forgetting"), false);
  const line = lines.find((one) => one.startsWith("advice: The earlier task is forgotten. "));
  expect(line).toContain("--set 'rehearsal=0.25'");
  expect(line).toContain("--set 'ewc=1000000'");
  const calm = adviceLines(input as unknown as RunInput, recordedEvents("healthy-rehearsal"), false);
  expect(calm.join(" ")).not.toContain("forgotten");
});
