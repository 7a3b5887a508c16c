import { describe, expect, it } from "vitest";
import { hasCapitals } from "../../../src/tokenize/from-vocabulary/casing.ts";

describe("hasCapitals", () => {
  const uncased = "[PAD]\n[UNK]\n[CLS]\nthe\n##s\nстол\n";
  const cased = "[PAD]\n[UNK]\n[CLS]\nThe\nBerlin\nthe\nСтол\n";
  it.each([
    ["small letters", uncased, false],
    ["capitals", cased, true],
    ["Windows line ends", cased.replaceAll("\n", "\r\n"), true],
    ["Chinese alone, which has no case", "[UNK]\n汤\n书\n", false],
  ])("looks at the tokens: %s", (_, vocabulary, expected) => {
    expect(hasCapitals(vocabulary)).toBe(expected);
  });
});
