import { describe, expect, it } from "vitest";
import type { Selection } from "../../src/app/state.ts";
import { csv, setUp } from "./set-up.ts";

const selection: Selection = {
  name: "true ham, predicted spam",
  rows: Int32Array.of(1, 3),
  source: "matrix",
  key: "0 1",
};

describe("the selection of rows", () => {
  it("is one for all panels, until it is cleared", () => {
    const { state, actions } = setUp();
    expect(state().selection).toBeNull();
    actions.selectRows(selection);
    expect(state().selection).toBe(selection);
    actions.clearSelection();
    expect(state().selection).toBeNull();
  });

  it("goes when another run has begun", async () => {
    const { state, actions } = setUp();
    await actions.openTable(csv("rows.csv"));
    await actions.openModel([]);
    actions.selectRows(selection);
    await actions.start();
    expect(state().selection).toBeNull();
  });

  it("goes with other weights where it is of what a model said of rows", () => {
    const { state, actions } = setUp();
    const slice: Selection = { name: "contains free", rows: Int32Array.of(0, 1), source: "slice" };
    actions.selectRows(slice);
    actions.clearSelectionByModel();
    expect(state().selection).toBe(slice);
    actions.selectRows({ ...slice, within: selection });
    actions.clearSelectionByModel();
    expect(state().selection).toBeNull();
  });
});
