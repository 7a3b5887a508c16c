import { expect, it } from "vitest";
import { goalsTable, least, most } from "../../bench/runner/tables.ts";

it("a goal is reached up to its limit, and missed beyond it", () => {
  expect(goalsTable([least("speed", 3, 3), least("tokens", 1_200_000, 1_199_999), most("share", 1.15, 1.2)])).toBe(
    [
      "| goal |  | measured |  |",
      "| --- | --- | --- | --- |",
      "| speed | at least 3 | 3.00 | reached |",
      "| tokens | at least 1,200,000 | 1,199,999 | **missed** |",
      "| share | at most 1.15 | 1.20 | **missed** |",
    ].join("\n"),
  );
});
