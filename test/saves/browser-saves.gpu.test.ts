import { afterEach, describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { askToPersist, storageRoom } from "../../src/saves/browser-storage.ts";
import type { Calls } from "./browser-saves.worker.ts";

const workers: Worker[] = [];

function spawn() {
  const worker = new Worker(new URL("./browser-saves.worker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  const call = <Name extends keyof Calls>(name: Name, ...given: Parameters<Calls[Name]>) =>
    new Promise<Awaited<ReturnType<Calls[Name]>>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ result: Awaited<ReturnType<Calls[Name]>> }>) => resolve(data.result);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage([name, ...given]);
    });
  return { worker, call };
}

/** Other handles on the same files, as after a reload. */
function reload() {
  for (const worker of workers.splice(0)) worker.terminate();
  return spawn();
}

afterEach(async () => {
  const left = await reload().call("clear");
  for (const name of ["test-saves", "saves", "contents"]) expect(left).not.toContain(name);
});

const NO_ROOM = "The run could not be saved in this browser's storage: there is no room left";

describe("saves in the browser's private file system", () => {
  it("are there after a reload, the last two of them", async () => {
    const { call } = spawn();
    expect(await call("why")).toBeNull();
    expect(await call("latest")).toBeNull();
    for (const step of [1, 2, 3]) expect(await call("save", step)).toBeGreaterThan(6_000_000);
    expect(await reload().call("latest")).toEqual({ step: 3, damaged: [] });
    expect(await reload().call("files")).toEqual(["save-000002.bin", "save-000003.bin"]);
  });

  it("are as before where any write or the flush fails for want of room", async () => {
    const { call } = spawn();
    await call("save", 1);
    const saveFailing = async (method: "write" | "flush", nth: number) => {
      await call("failAt", method, nth);
      const answer = await call("save", 2);
      await call("failNoMore");
      if (typeof answer === "number") return false;
      expect(answer).toContain(NO_ROOM);
      expect(await call("files")).toEqual(["save-000001.bin"]);
      expect(await call("latest")).toEqual({ step: 1, damaged: [] });
      return true;
    };
    expect(await saveFailing("flush", 1)).toBe(true);
    let writes = 0;
    while (await saveFailing("write", writes + 1)) writes++;
    expect(writes).toBeGreaterThanOrEqual(4);
    expect(await call("latest")).toEqual({ step: 2, damaged: [] });
  });

  it("are as before where the browser's quota is used up", async () => {
    const { call } = spawn();
    await call("save", 1);
    const { origin } = location;
    const { usage = 0 } = await navigator.storage.estimate();
    await cdp().send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 3_000_000 });
    try {
      expect(await call("save", 2)).toContain(NO_ROOM);
      expect(await call("files")).toEqual(["save-000001.bin"]);
      expect(await call("latest")).toEqual({ step: 1, damaged: [] });
    } finally {
      await cdp().send("Storage.overrideQuotaForOrigin", { origin });
    }
    await call("save", 3);
    expect(await call("latest")).toEqual({ step: 3, damaged: [] });
  });

  it("make way for the one before where the newest is damaged or cut", async () => {
    const { call } = spawn();
    const bytes = Number(await call("save", 1));
    await call("save", 2);
    for (const place of [0, 20, 5_000_000, bytes - 1]) {
      await call("damage", "save-000002.bin", place);
      expect(await call("latest")).toEqual({ step: 1, damaged: ["save-000002.bin"] });
      await call("damage", "save-000002.bin", place);
      expect(await call("latest")).toEqual({ step: 2, damaged: [] });
    }
    await call("cut", "save-000002.bin", 4_000_000);
    expect(await reload().call("latest")).toEqual({ step: 1, damaged: ["save-000002.bin"] });
  });

  it("are as before where the worker ends in the middle of one, and the next is written", async () => {
    const { call, worker } = spawn();
    await call("save", 1);
    const begun = new Promise<void>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<unknown>) => data === "begun" && resolve();
    });
    worker.postMessage(["saveForever"]);
    await begun;
    const later = reload();
    expect(await later.call("latest")).toEqual({ step: 1, damaged: ["save-000002.bin"] });
    await later.call("save", 3);
    expect(await later.call("latest")).toEqual({ step: 3, damaged: [] });
  });
});

describe("runs that the browser keeps", () => {
  it("share their files, are listed after a reload, and are removed one by one", async () => {
    const { call } = spawn();
    const saved = Number(await call("keep", "one", 3_000_000));
    await call("keep", "two", 3_000_000);
    const later = reload();
    const alone = [
      { id: "one", ownBytes: saved },
      { id: "two", ownBytes: saved },
    ];
    expect((await later.call("runs")).sort((a, b) => a.id.localeCompare(b.id))).toEqual(alone);
    await later.call("remove", "one");
    expect(await later.call("runs")).toEqual([{ id: "two", ownBytes: saved + 3_000_000 }]);
    await later.call("remove", "two");
    expect(await later.call("runs")).toEqual([]);
  });

  it("take room that is shown, and the browser says whether it keeps them", async () => {
    const { call } = spawn();
    await call("keep", "one", 3_000_000);
    const room = await call("room");
    expect(room?.used).toBeGreaterThan(3_000_000);
    expect(room?.most).toBeGreaterThan(room?.used ?? Infinity);
    expect(await askToPersist()).toBe((await storageRoom())?.isPersistent);
  });
});
