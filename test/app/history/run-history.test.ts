import { describe, expect, it } from "vitest";
import { createHistory, freeName } from "../../../src/app/history/run-history.ts";
import { keptRun, memoryRuns } from "./memory-runs.ts";

const quota = Object.assign(new Error("full"), { name: "QuotaExceededError" });

describe("a history of runs", () => {
  it("keeps runs newest first, and another tab reads them", async () => {
    const { database } = memoryRuns();
    let announced = 0;
    const history = createHistory(database, () => announced++);
    await history.add([keptRun({ id: "old", endedAt: 1 }), keptRun({ id: "new", endedAt: 2 })]);
    const other = createHistory(database);
    await other.read();
    expect(other.getState().runs.map(({ id }) => id)).toEqual(["new", "old"]);
    expect(other.getState()).toMatchObject({ isRead: true, trouble: "", later: 0 });
    expect(announced).toBe(1);
  });

  it("changes a run, and not one that is deleted", async () => {
    const { database, kept } = memoryRuns();
    const history = createHistory(database);
    await history.add([keptRun()]);
    await history.change("a", { name: "mine", isPinned: true });
    await history.change("b", { name: "nobody" });
    expect(kept).toMatchObject([{ id: "a", name: "mine", isPinned: true }]);
  });

  it("deletes runs and puts them back, one or all", async () => {
    const { database, kept } = memoryRuns();
    const history = createHistory(database);
    await history.add([keptRun({ id: "a" }), keptRun({ id: "b" })]);
    await history.remove(["a"]);
    expect(kept).toHaveLength(1);
    expect(history.getState().removed?.says).toBe("“SMS Spam · MiniLM” was deleted.");
    await history.restore();
    expect(kept).toHaveLength(2);
    await history.forgetAll();
    expect([kept.length, history.getState().runs.length]).toEqual([0, 0]);
    await history.restore();
    expect(history.getState().runs).toHaveLength(2);
    expect(history.getState().removed).toBeNull();
  });

  it("says where the storage is full, lists the run all the same, and keeps it once there is room", async () => {
    const { database, kept, failNext } = memoryRuns();
    const history = createHistory(database);
    failNext(quota);
    await history.add([keptRun({ id: "a" })]);
    expect(history.getState().trouble).toMatch(/storage for this page is full: “SMS Spam · MiniLM” could not be kept/);
    expect(history.getState().runs).toHaveLength(1);
    await history.read();
    expect(history.getState().runs).toHaveLength(1);
    await history.add([keptRun({ id: "b" })]);
    expect(kept).toHaveLength(2);
    expect(history.getState().trouble).toBe("");
  });

  it("says where the browser keeps nothing", async () => {
    const { database, failNext } = memoryRuns();
    const history = createHistory(database);
    failNext(new Error("denied"));
    await history.read();
    expect(history.getState()).toMatchObject({ isRead: true, runs: [] });
    expect(history.getState().trouble).toMatch(/keeps nothing for this page, as private windows may \(denied\)/);
  });

  it("does not show what it read before a change", async () => {
    const { database } = memoryRuns([keptRun()]);
    const history = createHistory(database);
    await history.read();
    const reading = history.read();
    await history.change("a", { name: "new" });
    await reading;
    expect(history.getState().runs[0]?.name).toBe("new");
  });

  it("counts runs of a later version, and leaves them where they are", async () => {
    const { database, kept } = memoryRuns([{ ...keptRun({ id: "c" }), version: 2 }, keptRun()]);
    const history = createHistory(database);
    await history.read();
    expect(history.getState()).toMatchObject({ later: 1, runs: [{ id: "a" }] });
    expect(kept).toHaveLength(2);
  });

  it("finds a free name", () => {
    expect(freeName("A", [])).toBe("A");
    expect(freeName("A", [{ name: "A" }, { name: "A 2" }])).toBe("A 3");
    expect(freeName(" ", [])).toBe("Run");
    expect(freeName("x".repeat(500), []).length).toBeLessThanOrEqual(120);
  });
});
