import { describe, expect, it } from "vitest";
import { blockers } from "../../src/app/blockers.ts";
import { decisionsOf } from "../../src/app/folds/decisions.ts";
import { gainLines } from "../../src/app/folds/gains.ts";
import { foldsSummary, rankedIssues, report } from "./fake-session.ts";
import { csv, setUp } from "./set-up.ts";

async function opened(answers: Parameters<typeof setUp>[0] = {}) {
  const page = setUp(answers);
  await page.actions.openTable(csv("a.csv"));
  await page.actions.openModel([csv("config.json")]);
  return page;
}

describe("labels in doubt", () => {
  it("are found by folds of the probe, beside the run, and a start waits for them", async () => {
    let finish: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (finish = resolve));
    const { actions, state } = await opened({
      async probeFolds() {
        await waiting;
        return { issues: rankedIssues(), summary: foldsSummary() };
      },
    });
    const probing = actions.probeIssues();
    await Promise.resolve();
    expect(state().noise.progress).not.toBeNull();
    expect(blockers(state()).map(({ text }) => text)).toContain("Labels in doubt are being looked for.");
    finish();
    await probing;
    expect(state().noise).toMatchObject({ progress: null, found: { by: "probe", task: "single-label" }, before: null });
    expect(blockers(state())).toEqual([]);
  });

  it("are accepted as an edit, which undo takes back and redo makes again", async () => {
    const { session, actions, state } = await opened();
    await actions.probeIssues();
    await actions.acceptIssue(2, ["spam"]);
    expect(session.calls).toContainEqual(["labelCells", ["spam"]]);
    const decision = () => decisionsOf(state().noise.decided, state().data.edits)(2, "ham");
    expect(state().data.edits).toEqual([{ row: 2, cells: [{ column: 0, text: "spam" }] }]);
    expect(decision()).toBe("accepted");
    await actions.undo();
    expect(state().data.edits).toEqual([]);
    expect(decision()).toBe("open");
    await actions.redo();
    expect(decision()).toBe("accepted");
    actions.editRows([{ row: 2, dropped: true }]);
    expect(decision()).toBe("dropped");
  });

  it("are remembered as kept while the label is the same, until they are opened again", async () => {
    const { actions, state } = await opened();
    await actions.probeIssues();
    actions.keepLabel(1, "ham");
    const decision = (given: string) => decisionsOf(state().noise.decided, state().data.edits)(1, given);
    expect(decision("ham")).toBe("kept");
    expect(decision("spam")).toBe("open");
    await actions.probeIssues();
    expect(decision("ham")).toBe("kept");
    actions.keepLabel(1, "ham");
    expect(decision("ham")).toBe("open");
  });

  it("say what their correction gained: the list before is that of other edits", async () => {
    let f1: [number, number] = [0.7, 0.8];
    const { actions, state } = await opened({
      probeFolds: () => Promise.resolve({ issues: rankedIssues(), summary: foldsSummary(f1) }),
    });
    await actions.probeIssues();
    await actions.probeIssues();
    expect(state().noise.before).toBeNull();
    await actions.acceptIssue(2, ["spam"]);
    f1 = [0.8, 0.9];
    await actions.probeIssues();
    const { before, found } = state().noise;
    expect(before?.summary.mean).toEqual({ macroF1: 0.75 });
    const scores = (of: typeof found) => ({ value: of?.summary.mean ?? {}, interval: of?.summary.interval ?? {} });
    expect(gainLines("Mean of the folds", "single-label", scores(before), scores(found))).toContain(
      "Mean of the folds: macro F1 0.750 (0.650 to 0.850) before, 0.850 (0.750 to 0.950) after.",
    );
  });

  it("are listed by the folds of a cross-validation, which is trained again in the same way", async () => {
    const { session, actions, state } = await opened();
    const train = async (macroF1: [number, number]) => {
      const scores = { repeat: 1, fold: 1, trainRows: 20, rows: 20, step: 9, epoch: 3, report: report() };
      session.notify({ type: "fold", scores });
      session.notify({ type: "foldsEnd", summary: foldsSummary(macroF1) });
      await actions.listIssues();
    };
    actions.setFolds({ isOn: true, folds: 2 });
    await actions.start();
    await train([0.7, 0.8]);
    expect(state().noise.found).toMatchObject({ by: "folds", summary: { mean: { macroF1: 0.75 } } });
    actions.setFolds({ isOn: false, folds: 5 });
    await actions.acceptIssue(2, ["spam"]);
    const { run } = state();
    await actions.trainAgain({ task: "single-label", isFolds: true, edits: run.edits, value: {}, interval: {} });
    expect(session.calls.filter(([name]) => name === "startFolds").at(-1)?.[2]).toEqual({ folds: 2, repeats: 1 });
    expect(state().noise.found).toBeNull();
    await train([0.8, 0.9]);
    expect(state().noise.before?.summary.mean).toEqual({ macroF1: 0.75 });
    expect(state().noise.found?.edits).toHaveLength(1);
  });

  it("are forgotten with their table", async () => {
    const { actions, state } = await opened();
    await actions.probeIssues();
    actions.keepLabel(1, "ham");
    await actions.openTable(csv("b.csv"));
    await actions.probeIssues();
    expect(state().noise.decided.size).toBe(0);
    expect(state().noise.before).toBeNull();
  });
});
