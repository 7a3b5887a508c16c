import { describe, expect, it, vi } from "vitest";
import { blockers } from "../../../src/app/blockers.ts";
import { LiveChannel } from "../../../src/app/run-lock/live-channel.ts";
import { RunLock, ScreenLock, WorkLock } from "../../../src/app/run-lock/run-lock.ts";
import { shareRuns } from "../../../src/app/run-lock/share-runs.ts";
import { createAppStore } from "../../../src/app/store.ts";
import { Problem } from "../../../src/problem/problem.ts";
import { fakeSession, runEvents } from "../fake-session.ts";
import { csv } from "../set-up.ts";
import { FakeChannels, FakeLocks } from "./fake-tabs.ts";

/** A browser whose tabs are opened one by one; `clock.now` is the time that their channels see. */
function browser() {
  const locks = new FakeLocks();
  const channels = new FakeChannels();
  const clock = { now: 0 };
  const open = async (tab: string) => {
    const session = fakeSession();
    const runLock = new RunLock(locks.of(tab));
    const store = createAppStore(session, async (path) => csv(path.split("/").at(-1) ?? ""), runLock);
    const page = Object.assign(new EventTarget(), { hidden: false }) as unknown as Document;
    const channel = new LiveChannel(channels.open(), () => clock.now);
    const workLock = new WorkLock(locks.of(tab));
    shareRuns(store, { runLock, workLock, screen: new ScreenLock(undefined, page), channel });
    const { actions } = store.getState();
    await actions.useSample();
    await actions.useStarter();
    const reasons = () => blockers(store.getState()).map(({ text }) => text);
    return { session, store, actions, reasons };
  };
  const runs = () => channels.posted.filter((message) => (message as { type: string }).type === "run");
  return { locks, channels, clock, open, runs };
}

const trains = "Another tab of this browser trains. Wait until its run ends, or stop it there.";

describe("a run in another tab", () => {
  it("is shown from its start, keeps a second one from starting, and frees it at its end", async () => {
    const { open, clock } = browser();
    const [first, second] = [await open("first"), await open("second")];
    await first.actions.start();
    await vi.waitFor(() => expect(second.reasons()).toEqual([trains]));
    expect(first.reasons()).toEqual([]);
    clock.now += 1000;
    const [plan, ...events] = runEvents(30);
    for (const event of [plan, ...events.filter(({ type }) => type !== "end")]) if (event) first.session.tell(event);
    await vi.waitFor(() => {
      expect(second.store.getState().otherRun).toMatchObject({ data: "SMS Spam", status: "Training", steps: 30 });
    });
    await second.actions.start();
    expect(second.session.calls.map(([name]) => name)).not.toContain("start");
    const end = events.find(({ type }) => type === "end");
    if (end) first.session.tell(end);
    await vi.waitFor(() => expect(second.reasons()).toEqual([]));
    expect(second.store.getState().otherRun).toBeNull();
    await second.actions.start();
    await vi.waitFor(() => expect(first.reasons()).toEqual([trains]));
  });

  it("is shown at once in a tab that is opened later, also while it is paused", async () => {
    const { open } = browser();
    const first = await open("first");
    await first.actions.start();
    for (const event of runEvents(30).slice(0, 12)) first.session.tell(event);
    await first.actions.pause();
    first.session.notify({ type: "paused" });
    const second = await open("second");
    await vi.waitFor(() => expect(second.store.getState().otherRun).toMatchObject({ status: "Paused", steps: 30 }));
    expect(second.store.getState().otherRun?.step).toBeGreaterThan(0);
    expect(second.reasons()).toEqual([trains]);
  });

  it("frees the second tab when its tab is closed, or when it fails", async () => {
    const { open, locks } = browser();
    const [first, second, third] = [await open("first"), await open("second"), await open("third")];
    await first.actions.start();
    await vi.waitFor(() => expect(second.reasons()).toEqual([trains]));
    locks.close("first");
    await vi.waitFor(() => expect(second.reasons()).toEqual([]));
    second.session.failNext("start", new Problem({ found: "Bad.", expected: "Good.", remedy: "Mend." }));
    await second.actions.start();
    await vi.waitFor(async () => {
      await third.actions.start();
      expect(third.store.getState().run.status).toBe("training");
    });
  });

  it("is one of two that were started at the same time", async () => {
    const { open } = browser();
    const [first, second] = [await open("first"), await open("second")];
    await Promise.all([first.actions.start(), second.actions.start()]);
    const started = [first, second].filter(({ session }) => session.calls.some(([name]) => name === "start"));
    expect(started).toEqual([first]);
    await vi.waitFor(() => expect(second.reasons()).toEqual([trains]));
  });

  it("keeps its page awake, as a learning curve does, which blocks no other tab", async () => {
    const { open, locks } = browser();
    const [first, second] = [await open("first"), await open("second")];
    await first.actions.start();
    expect(locks.heldBy("first")).toEqual(["tabtune-run", "tabtune-work"]);
    await first.actions.pause();
    first.session.notify({ type: "paused" });
    expect(locks.heldBy("first")).toEqual(["tabtune-run", "tabtune-work"]);
    for (const event of runEvents(3)) first.session.tell(event);
    await vi.waitFor(() => expect(locks.heldBy("first")).toEqual([]));
    const progress = { what: "Fine-tuning on 25 % of the rows", done: 1, total: 4 };
    first.store.setState(({ curve }) => ({ curve: { ...curve, progress } }));
    expect(locks.heldBy("first")).toEqual(["tabtune-work"]);
    await second.actions.start();
    expect(second.store.getState().run.status).toBe("training");
    first.store.setState(({ curve }) => ({ curve: { ...curve, progress: null } }));
    await vi.waitFor(() => expect(locks.heldBy("first")).toEqual([]));
  });

  it("is sent at most twice a second while its status is the same", async () => {
    const { open, runs, clock } = browser();
    const { store, actions } = await open("first");
    await actions.start();
    const sent = runs().length;
    for (let update = 0; update < 100; update++) {
      clock.now += 50;
      store.setState(({ run }) => ({ run: { ...run, version: run.version + 1 } }));
    }
    expect(runs().length - sent).toBe(10);
  });

  it("is not taken from a message that is none", async () => {
    const { open, channels, locks } = browser();
    const first = new RunLock(locks.of("first"));
    await first.take();
    const second = await open("second");
    const stranger = channels.open();
    for (const message of [null, "run", { type: "run" }, { type: "run", run: { data: 3 } }, { type: "new" }]) {
      stranger.postMessage(message);
    }
    await vi.waitFor(() => expect(second.reasons()).toEqual([trains]));
    expect(second.store.getState().otherRun).toBeNull();
  });
});
