import { describe, expect, it } from "vitest";
import { isMissingWord } from "../../../src/data/empty-cells.ts";
import { differencesOf, lookAlikes, spellingKey } from "../../../src/tasks/single-label/label-spelling.ts";

describe("labels that look alike", () => {
  it.each([
    ["Neg", "neg", "case"],
    ["STRASSE", "Straße", "case"],
    ["ПЛОХО", "плохо", "case"],
    ["very  good", "very good", "spaces"],
    ["very\u00a0good", "very good", "spaces"],
    ["spam\u200b", "spam", "invisible characters"],
    ["\u202espam", "spam", "invisible characters"],
    ["so\u00adft", "soft", "invisible characters"],
    ["caf\u00e9", "cafe\u0301", "Unicode form (NFC and NFD)"],
    ["\uac10\uc815", "\uac10\uc815".normalize("NFD"), "Unicode form (NFC and NFD)"],
    ["ＡＢ", "AB", "full-width or other forms of letters"],
    ["1", "1.0", "the same number"],
    ["01", "1", "the same number"],
    ["-1.00", "-1", "the same number"],
    ["True", "true", "case"],
    ["can’t tell", "can't tell", "quotes and dashes"],
    ["half–true", "half-true", "quotes and dashes"],
    ["sp\u0430m", "spam", "letters of another script"],
  ])("%j and %j: %s", (one, other, difference) => {
    expect(spellingKey(one)).toBe(spellingKey(other));
    expect(differencesOf(one, other)).toEqual([difference]);
  });

  it.each([
    ["1", "10"],
    ["ham", "spam"],
    ["да", "нет"],
    ["c", "c++"],
    ["好评", "差评"],
    ["1.0.0", "1"],
  ])("keeps %j and %j apart", (one, other) => {
    expect(spellingKey(one)).not.toBe(spellingKey(other));
  });

  it("groups by the commonest spelling, whatever the names", () => {
    const counts = new Map([
      ["__proto__", 2],
      ["Constructor", 1],
      ["constructor", 5],
      ["toString", 1],
      ["b", 1],
    ]);
    expect(lookAlikes(counts)).toEqual([["constructor", "Constructor"]]);
  });
});

describe("words for a missing value", () => {
  it.each(["nan", "NaN", "NULL", "None", "N/A", "#N/A", "n/a", "-", "<NA>", "missing", "NaT", '""', " nil "])(
    "%j",
    (cell) => {
      expect(isMissingWord(cell)).toBe(true);
    },
  );
  it.each(["nancy", "0", "no", "nothing", "neutral", ""])("not %j", (cell) => {
    expect(isMissingWord(cell)).toBe(false);
  });
});
