import { expect, it } from "vitest";
import { askSelected } from "../../../src/app/run/ended-results.ts";
import { fakeSession } from "../fake-session.ts";

it("results of selected rows are asked for once for each results of all rows", async () => {
  const session = fakeSession();
  const [best, again] = [await session.results("best"), await session.results("best")];
  const selection = { rows: Int32Array.of(1, 2) };
  const asked = () => session.calls.filter(([name]) => name === "selectedResults").length;
  const [first, second] = await Promise.all([
    askSelected(session, selection, best),
    askSelected(session, selection, best),
  ]);
  expect(first).toBe(second);
  expect(first.truth.labels).toEqual(Int32Array.of(0, 1));
  expect(asked()).toBe(1);
  await askSelected(session, selection, again);
  await askSelected(session, { rows: Int32Array.of(1, 2) }, best);
  expect(asked()).toBe(3);
});
