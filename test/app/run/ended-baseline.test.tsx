import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { BetterBaseline } from "../../../src/app/run/BetterBaseline.tsx";
import { readerOf } from "../../../src/app/run/use-row-texts.ts";
import { idleRun } from "../../../src/app/state.ts";
import { fakeSession } from "../fake-session.ts";

/** The note after a run whose best weights reached this accuracy; the baseline reached 0.8. */
function noteOf(value: number, choice?: { isChosen: boolean }): string {
  const report = { rows: 20, accuracy: 0.8 };
  const run = {
    ...idleRun(),
    end: { type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 } as const,
    baseline: { type: "baseline", task: "single-label", report, trainRows: 80, l2: 10, wallMs: 1 } as const,
    best: { type: "best", step: 3, epoch: 1, metric: "accuracy", value } as const,
  };
  const taking = choice && { choice: { ...choice, onTake: () => undefined } };
  return renderToString(
    <MantineProvider>
      <BetterBaseline run={run} {...taking} />
    </MantineProvider>,
  ).replaceAll("<!-- -->", "");
}

describe("a baseline that is better than the best weights", () => {
  it("is said with both numbers", () => {
    expect(noteOf(0.75)).toMatch(/The baseline is better: accuracy 80[.]0.?%, and 75[.]0.?% after fine-tuning/);
    expect(noteOf(0.75)).toContain("have it");
    expect(noteOf(0.85)).not.toContain("The baseline");
  });

  it("is offered where weights are chosen, until it is taken", () => {
    expect(noteOf(0.75, { isChosen: false })).toContain("Take the baseline");
    expect(noteOf(0.75, { isChosen: true })).not.toContain("Take the baseline");
  });
});

it("texts of errors are those of the rows that were scored, where these are a share", async () => {
  const asked: number[][] = [];
  const session = fakeSession();
  const rowTexts = (_: unknown, rows: number[]) => {
    asked.push(rows);
    return Promise.resolve([]);
  };
  const reader = { ...session, rowTexts };
  await readerOf(reader, Int32Array.of(4, 7, 19)).rowTexts("validation", [0, 2]);
  await readerOf(reader, undefined).rowTexts("validation", [0, 2]);
  expect(asked).toEqual([
    [4, 19],
    [0, 2],
  ]);
});
