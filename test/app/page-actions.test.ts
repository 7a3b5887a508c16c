import { describe, expect, it } from "vitest";
import { actionsOfKey, keyLines, pageActions, type PageAction } from "../../src/app/page-actions.ts";
import { idleRun, type RunStatus } from "../../src/app/state.ts";
import { csv, setUp } from "./set-up.ts";

const names = new Map<PageAction, string>(Object.entries(pageActions).map(([name, action]) => [action, name]));
const key = (key: string, change: Partial<KeyboardEvent> = {}, typing = false) =>
  actionsOfKey({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...change }, typing).map(
    (action) => names.get(action),
  );

describe("keys", () => {
  it("stand for actions", () => {
    expect(key("?", { shiftKey: true })).toEqual(["help"]);
    expect(key("?")).toEqual(["help"]);
    expect(key("s")).toEqual(["start", "pause", "resume"]);
    expect([key("x"), key("t"), key("/"), key("q")]).toEqual([["stop"], ["theme"], ["search"], []]);
    expect([key("z", { ctrlKey: true }), key("z", { metaKey: true })]).toEqual([["undo"], ["undo"]]);
    expect([key("Z", { ctrlKey: true, shiftKey: true }), key("y", { ctrlKey: true })]).toEqual([["redo"], ["redo"]]);
    expect([key("s", { ctrlKey: true }), key("s", { shiftKey: true }), key("s", { altKey: true })]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("write text where text is written", () => {
    expect([key("z", { ctrlKey: true }, true), key("s", {}, true)]).toEqual([[], []]);
  });

  it("stand in the list, each once, with all that it does", () => {
    const lines = keyLines();
    expect(lines.map(({ keys }) => keys.join("+"))).toEqual([
      "?",
      "S",
      "X",
      "T",
      "H",
      "/",
      "Escape",
      "Ctrl+Z",
      "Ctrl+Shift+Z",
    ]);
    expect(lines[1]).toEqual({ keys: ["S"], does: "Start · Pause · Resume" });
    const listed = lines.map(({ does }) => does).join("\n");
    for (const { does } of Object.values(pageActions)) expect(listed).toContain(does);
  });
});

describe("actions", () => {
  const statuses: RunStatus[] = ["idle", "preparing", "training", "pausing", "paused", "stopping", "done", "failed"];
  const enabledIn = (status: RunStatus) => {
    const app = setUp().state();
    const now = { ...app, run: { ...idleRun(), status } };
    return Object.entries<PageAction>(pageActions).flatMap(([name, { isEnabled }]) => (isEnabled(now) ? [name] : []));
  };

  it.each<[RunStatus, string[]]>([
    ["idle", []],
    ["preparing", ["stop"]],
    ["training", ["pause", "stop"]],
    ["pausing", ["resume", "stop"]],
    ["paused", ["resume", "stop"]],
    ["stopping", []],
    ["done", []],
  ])("are enabled where they can be done: %s", (status, expected) => {
    const enabled = enabledIn(status).filter((name) => ["start", "pause", "resume", "stop"].includes(name));
    expect(enabled).toEqual(expected);
  });

  it("of one key are never enabled together", () => {
    for (const status of statuses) {
      const app = { ...setUp().state(), run: { ...idleRun(), status } };
      for (const pressed of ["s", "x", "t", "/", "?", "Escape"]) {
        const event = { key: pressed, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
        expect(actionsOfKey(event, false).filter(({ isEnabled }) => isEnabled(app)).length).toBeLessThan(2);
      }
    }
  });

  it("start, undo and redo once there is something to", async () => {
    const { state, actions } = setUp();
    const enabled = () => (["start", "undo", "redo"] as const).filter((name) => pageActions[name].isEnabled(state()));
    expect(enabled()).toEqual([]);
    await actions.openTable(csv("rows.csv"));
    await actions.openModel([]);
    await actions.setRecipe({ epochs: 2 });
    expect(enabled()).toEqual(["start", "undo"]);
    await actions.undo();
    expect(enabled()).toContain("redo");
  });
});
