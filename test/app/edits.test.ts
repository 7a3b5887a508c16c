import { describe, expect, it, vi } from "vitest";
import { refusal, csv, setUp } from "./set-up.ts";

const drop = (row: number) => ({ row, dropped: true });

async function opened() {
  const page = setUp();
  await page.actions.openTable(csv("a.csv"));
  await page.actions.openModel([csv("config.json")]);
  await page.actions.start();
  page.session.tell({ type: "end", reason: "finished", step: 0, wallMs: 1, trainingMs: 1 });
  return page;
}

describe("edits of rows", () => {
  it("are one list in order, a step of undo each, and keep the run", async () => {
    const { session, actions, state } = await opened();
    const { edits: ofRun } = state().run;
    actions.editRows([drop(1), drop(2)]);
    actions.editRows([drop(3)]);
    expect(state().data.edits).toEqual([drop(1), drop(2), drop(3)]);
    expect(session.calls.at(-1)).toEqual(["editTable", [drop(1), drop(2), drop(3)]]);
    await actions.undo();
    expect(state().data.edits).toEqual([drop(1), drop(2)]);
    expect(state().run.status).toBe("done");
    expect(state().run.edits).not.toBe(state().data.edits);
    await actions.undo();
    expect(state().data.edits).toBe(ofRun);
    await actions.redo();
    await actions.redo();
    expect(state().data.edits).toHaveLength(3);
    expect(state().question).toBeNull();
  });

  it("are counted once when the last of them was made, and before a start", async () => {
    const { names, actions, state } = await opened();
    const selections = () => names().filter((name) => name === "selectRows").length;
    const before = selections();
    for (let row = 1; row <= 5; row++) actions.editRows([drop(row)]);
    expect(state().data.summary).not.toBeNull();
    await vi.waitFor(() => expect(selections()).toBe(before + 1), { timeout: 5000 });
    actions.editRows([drop(6)]);
    await actions.start();
    expect(selections()).toBe(before + 2);
    expect(state().run.edits).toBe(state().data.edits);
    actions.editRows([drop(7)]);
    expect(state().data.edits).toHaveLength(6);
  });

  it("end with their table, and come back with it", async () => {
    const { session, actions, state } = await opened();
    actions.editRows([drop(1)]);
    await actions.openTable(csv("b.csv"));
    expect(state().data.edits).toEqual([]);
    await actions.undo();
    expect(state().data).toMatchObject({ name: "a.csv", edits: [drop(1)] });
    expect(session.calls).toContainEqual(["editTable", [drop(1)]]);
  });

  it("come from a patch, which is refused where it is of another table", async () => {
    const { session, actions, state } = await opened();
    await actions.openPatch(csv("a.edits.jsonl"));
    expect(state().data.edits).toEqual([drop(3)]);
    session.failNext("readEditPatch", refusal);
    await actions.openPatch(csv("b.edits.jsonl"));
    expect(state().data.problem?.found).toBe("Bad.");
    expect(state().data.edits).toHaveLength(1);
  });
});
