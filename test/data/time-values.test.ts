import { describe, expect, it } from "vitest";
import { timesOf } from "../../src/data/time-values.ts";

const at = (iso: string) => Date.parse(iso);
const read = (...cells: string[]) => [...timesOf(cells).values];

describe("times of a column", () => {
  it("reads dates as people and programs write them", () => {
    expect(
      read("2024-03-05", "2024-03-05T10:30:00Z", "2024-03-05 10:30", "2024-03-05T10:30:00+02:00", "2024-03"),
    ).toEqual(["2024-03-05", "2024-03-05T10:30Z", "2024-03-05T10:30Z", "2024-03-05T08:30Z", "2024-03-01"].map(at));
    expect(read("31.12.2023", "1.2.2024 18:05")).toEqual([at("2023-12-31"), at("2024-02-01T18:05Z")]);
    expect(read("1/31/2024 1:05 PM", "2/3/2024 12:00 am")).toEqual([at("2024-01-31T13:05Z"), at("2024-02-03")]);
    expect(read("Mon Apr 06 22:19:45 PDT 2009", "March 7, 2021")).toEqual([
      at("2009-04-07T05:19:45Z"),
      at("2021-03-07"),
    ]);
  });

  it("reads numbers as they are, and gives NaN for what is no time", () => {
    expect(read("2019", "2021", "x", "")).toEqual([2019, 2021, NaN, NaN]);
    expect(read("2024-02-30", "row 5", "2024-01-01")).toEqual([NaN, NaN, at("2024-01-01")]);
  });

  it("tells days from months by the whole column, and says where nothing does", () => {
    expect(timesOf(["3/4/2024", "25/4/2024"])).toMatchObject({
      isAmbiguous: false,
      values: Float64Array.of(at("2024-04-03"), at("2024-04-25")),
    });
    expect(timesOf(["3/4/2024"])).toMatchObject({ isAmbiguous: true, values: Float64Array.of(at("2024-03-04")) });
  });
});
