import type { Replacement } from "./replacement.ts";

/** White space, within brackets of a pattern. */
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
/** Characters of Chinese, Japanese and Korean texts, which write words without spaces; no address has them unescaped. */
const EAST_ASIAN = "\\u3000-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef";
/** Letters of scripts with spaces between words. */
const LETTER = "A-Za-z_\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u0370-\\u1fff";
/** Digits: ASCII, Arabic, Persian, Devanagari and wide ones. */
const DIGIT = "0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\uff10-\\uff19";

/** Web addresses; a mark of punctuation at the end belongs to the sentence. */
export const urlReplacements: readonly Replacement[] = [
  {
    pattern: `(?:https?://|(?<![a-z0-9.])www\\.)[^${SPACE}<>"${EAST_ASIAN}]*[^${SPACE}<>"${EAST_ASIAN}.,;:!?'()\\[\\]{}]`,
    by: "http",
    anyCase: true,
  },
];

/** User names as in posts; the part of an e-mail address behind its @ is none. */
export const userReplacements: readonly Replacement[] = [
  { pattern: `(?<![${LETTER}0-9.+@-])@[A-Za-z0-9_]+`, by: "@user" },
  { pattern: `(?<![${LETTER}0-9/.])/?u/[A-Za-z0-9_-]+`, by: "@user" },
];

/** Numbers with their points, colons and signs between digits, where no letter stands beside them. */
export const numberReplacements: readonly Replacement[] = [
  {
    pattern: `(?<![${LETTER}${DIGIT}])[${DIGIT}]+(?:[.,:/-][${DIGIT}]+)*(?![${LETTER}${DIGIT}]|[.,:/-][${DIGIT}])`,
    by: "0",
  },
];

/** Control and invisible characters; joiners within Persian words and emoji stay. */
export const spaceReplacements: readonly Replacement[] = [
  { pattern: "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\u00ad\\u200b\\u200e\\u200f\\u2060\\ufeff]", by: "" },
  { pattern: `[${SPACE}]+`, by: " " },
  // No line ends are left, after which Python's $ would match too.
  { pattern: "^ | $", by: "" },
];
