import { describe, expect, it } from "vitest";
import { curveOf } from "../../src/app/actions/curve-actions.ts";
import { blockers } from "../../src/app/blockers.ts";
import { csv, refusal, setUp } from "./set-up.ts";

async function opened(answers: Parameters<typeof setUp>[0] = {}) {
  const page = setUp(answers);
  await page.actions.openTable(csv("a.csv"));
  await page.actions.openModel([csv("config.json")]);
  return page;
}

describe("a learning curve by fine-tuning", () => {
  it("is made beside the run, and a start waits for it", async () => {
    let finish: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (finish = resolve));
    const { actions, state, names } = await opened({
      async learningCurve(onProgress) {
        onProgress?.({ what: "Fine-tuning on 25 % of the rows", done: 2, total: 8 });
        await waiting;
        return [{ rows: 100, values: { accuracy: 0.9 } }];
      },
    });
    const made = actions.makeCurve();
    expect(curveOf(state()).progress).toMatchObject({ done: 2, total: 8 });
    expect(blockers(state()).map(({ text }) => text)).toContain("A learning curve is being made.");
    await actions.stopCurve();
    expect(names()).toContain("stop");
    finish();
    await made;
    expect(curveOf(state())).toMatchObject({ progress: null, points: [{ rows: 100 }], problem: null });
    expect(blockers(state())).toEqual([]);
  });

  it("says what failed, until it is dismissed", async () => {
    const { actions, state, session } = await opened();
    session.failNext("learningCurve", refusal);
    await actions.makeCurve();
    expect(curveOf(state())).toMatchObject({ progress: null, points: null, problem: { found: "Bad." } });
    actions.dismissCurve();
    expect(curveOf(state()).problem).toBeNull();
  });

  it("is of its run alone", async () => {
    const { actions, state, store } = await opened();
    await actions.makeCurve();
    expect(curveOf(state()).points).toHaveLength(4);
    store.setState({ run: { ...state().run, steps: [] } });
    expect(curveOf(state()).points).toBeNull();
  });
});
