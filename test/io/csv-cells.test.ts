import { describe, expect, it } from "vitest";
import { csvLine, csvText } from "../../src/io/csv-cells.ts";

describe("CSV text", () => {
  it("quotes where it is needed and ends lines as RFC 4180 does", () => {
    const text = csvText(
      ["a", "b"],
      [
        ["x, y", 1.5],
        ['say "no"', NaN],
        [" padded", "two\nlines"],
      ],
    );
    expect(text).toBe('a,b\r\n"x, y",1.5\r\n"say ""no""",\r\n" padded","two\nlines"\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x"])(
    "neutralizes %j when asked",
    (cell) => {
      const line = csvLine([cell], { neutralize: true });
      expect(line.replace(/^"/, "").startsWith(`'${cell}`)).toBe(true);
      expect(csvLine([cell])).not.toContain("'");
    },
  );

  it("leaves numbers and harmless cells alone", () => {
    expect(csvLine([-1, -0.5, "a=b", "x - y", "", "'quoted'"], { neutralize: true })).toBe(
      "-1,-0.5,a=b,x - y,,'quoted'\r\n",
    );
  });

  it("neutralizes names of columns as well", () => {
    expect(csvText(["=class", "b"], [], { neutralize: true })).toBe("'=class,b\r\n");
  });
});
