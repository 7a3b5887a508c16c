import { expect, it } from "vitest";
import { tokenCounts } from "../../src/workers/token-counts.ts";

it("the tokens of each text are told as they were, and as the model read them", () => {
  const rows = {
    ids: new Int32Array(8),
    types: new Int32Array(8),
    rowStart: Int32Array.of(0, 5, 8),
    fullLengths: Int32Array.of(900, 3),
  };
  expect(tokenCounts(rows)).toEqual([
    { whole: 900, read: 5 },
    { whole: 3, read: 3 },
  ]);
});
