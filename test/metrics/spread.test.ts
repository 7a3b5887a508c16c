import { expect, it } from "vitest";
import { median, spreadOf } from "../../src/metrics/spread.ts";

it("gives least, median, ninth tenth and most, whatever the order", () => {
  const values = [7, 1, 10, 4, 2, 9, 3, 8, 6, 5];
  expect(spreadOf(values)).toEqual({ count: 10, least: 1, median: 5.5, ninth: 9, most: 10 });
  expect(spreadOf([3])).toEqual({ count: 1, least: 3, median: 3, ninth: 3, most: 3 });
  expect(spreadOf([])).toBeNull();
  expect(median([])).toBeNaN();
});
