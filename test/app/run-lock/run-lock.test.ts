import { describe, expect, it, vi } from "vitest";
import { RunLock, ScreenLock } from "../../../src/app/run-lock/run-lock.ts";
import { FakeLocks } from "./fake-tabs.ts";

/** The locks of two tabs of one browser, and what the second is told of the first. */
function twoTabs() {
  const locks = new FakeLocks();
  const [first, second] = [new RunLock(locks.of("first")), new RunLock(locks.of("second"))];
  const told: boolean[] = [];
  second.watch((isElsewhere) => told.push(isElsewhere));
  return { locks, first, second, told };
}

describe("the lock of the run", () => {
  it("is held by one tab, which may take it again", async () => {
    const { first, second } = twoTabs();
    expect(await Promise.all([first.take(), first.take()])).toEqual([true, true]);
    expect(await second.take()).toBe(false);
    expect(await first.take()).toBe(true);
  });

  it("is seen to be held elsewhere, and to be free when the run has ended", async () => {
    const { first, second, told } = twoTabs();
    await first.take();
    void second.look();
    void second.look();
    await vi.waitFor(() => expect(told).toEqual([true]));
    first.release();
    await vi.waitFor(() => expect(told).toEqual([true, false]));
    expect(await second.take()).toBe(true);
    expect(await first.take()).toBe(false);
  });

  it("is free when its tab was closed or has crashed", async () => {
    const { locks, first, second, told } = twoTabs();
    await first.take();
    expect(await second.take()).toBe(false);
    await vi.waitFor(() => expect(told).toEqual([true]));
    locks.close("first");
    await vi.waitFor(() => expect(told).toEqual([true, false]));
    expect(await second.take()).toBe(true);
  });

  it("can be taken again at once after a run for whose end others waited", async () => {
    const { locks, first, second, told } = twoTabs();
    const third = new RunLock(locks.of("third"));
    third.watch(() => undefined);
    await first.take();
    void second.look();
    void third.look();
    await vi.waitFor(() => expect(told).toEqual([true]));
    first.release();
    expect(await first.take()).toBe(true);
    await vi.waitFor(() => expect(told).toEqual([true, false]));
  });

  it("is never held elsewhere where the browser has no locks, or refuses them", async () => {
    const old = new RunLock(undefined);
    const told: boolean[] = [];
    old.watch((isElsewhere) => told.push(isElsewhere));
    expect(await old.take()).toBe(true);
    old.release();
    const refused = () => Promise.reject(new DOMException("No origin.", "SecurityError"));
    expect(await new RunLock({ request: refused, query: refused }).take()).toBe(true);
    expect(told).toEqual([]);
  });
});

/** A page that can be hidden, and the wake locks that it was given. */
function wakingPage() {
  const given: { released: boolean; release: () => Promise<void> }[] = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  const wakeLock = {
    request: async () => {
      const lock = { released: false, release: async () => void (lock.released = true) };
      given.push(lock);
      return lock;
    },
  };
  const show = (isSeen: boolean) => {
    page.hidden = !isSeen;
    for (const lock of isSeen ? [] : given) lock.released = true;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const held = () => given.filter(({ released }) => !released).length;
  return { given, page, wakeLock, show, held };
}

describe("the screen wake lock", () => {
  it("is requested again when the page is seen again, and is released at the end", async () => {
    const { given, page, wakeLock, show, held } = wakingPage();
    const screen = new ScreenLock(wakeLock, page);
    await screen.hold();
    expect(held()).toBe(1);
    show(false);
    expect(held()).toBe(0);
    show(true);
    await vi.waitFor(() => expect(held()).toBe(1));
    await screen.release();
    expect(held()).toBe(0);
    show(false);
    show(true);
    await screen.hold();
    expect(given).toHaveLength(3);
  });

  it("is released when the run ends before it was given", async () => {
    const { page, wakeLock, held } = wakingPage();
    const screen = new ScreenLock(wakeLock, page);
    const asked = screen.hold();
    await screen.release();
    await asked;
    expect(held()).toBe(0);
  });

  it("is absent without a word where there is none, or it is refused", async () => {
    const { page } = wakingPage();
    await new ScreenLock(undefined, page).hold();
    const refused = { request: () => Promise.reject(new DOMException("Low battery.", "NotAllowedError")) };
    const screen = new ScreenLock(refused, page);
    await screen.hold();
    await screen.release();
  });
});
