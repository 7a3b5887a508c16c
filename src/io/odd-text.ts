import { HUGE_CELL } from "./table-faults.ts";

/** What is odd about a cell, and the text that is kept of it. */
interface OddCell {
  text: string;
  huge: boolean;
  replaced: boolean;
  doubleEncoded: boolean;
  nul: boolean;
}

/** What 0x80 to 0xbf, the later bytes of UTF-8, become in Windows-1252 or Latin-1. */
const late = "[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
/**
 * UTF-8 that was read as Windows-1252 and encoded again ("cafÃ©", "donâ€™t", "Ð¿Ñ€Ð¸"), or as Windows-1251
 * ("РїСЂРё"). None of these runs occurs in a language.
 */
const doubled = new RegExp(
  `[ÂÃ]${late}|[ÄÅ][\\u0080-\\u00bf]|â€${late}|(?:[ÐÑ]${late}){2}|(?:[РС][\\u0402-\\u040f\\u0451-\\u045f\\u00a0-\\u00bf‚-™€]){2}`,
);

/** Letters that those runs begin with, which most cells have not. */
const suspicious = /[ÂÃÄÅâÐÑРС]/;

/** What is odd about a cell; null where nothing is. NUL characters are left out of the text. */
export function checkCell(cell: string): OddCell | null {
  const huge = cell.length > HUGE_CELL;
  const replaced = cell.includes("\ufffd");
  const nul = cell.includes("\0");
  const doubleEncoded = suspicious.test(cell) && doubled.test(huge ? cell.slice(0, HUGE_CELL) : cell);
  if (!huge && !replaced && !doubleEncoded && !nul) return null;
  return { text: nul ? cell.replaceAll("\0", "") : cell, huge, replaced, doubleEncoded, nul };
}
