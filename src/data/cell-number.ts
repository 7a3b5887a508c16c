/** A number as tables write it: with a sign, a decimal point or comma, an exponent, or a percent sign. */
const number = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?\s?%?$/i;
/** Digits in groups of three, with one sign between all groups, and decimals after another sign. */
const grouped = /^[-+]?\d{1,3}(?:([.,])\d{3}(?:\1\d{3})*)(?:([.,])\d*)?\s?%?$/;
const CURRENCY = "[$€£¥₹₽₩₺]";
const aroundNumber = new RegExp(`^([-+]?)\\s*${CURRENCY}\\s*(?=[\\d.,-])|(?<=[\\d.,])\\s*${CURRENCY}$`, "gu");
/** What stands between thousands and nowhere else: an apostrophe, or a space, mostly one that keeps a line together. */
const betweenThousands = /(?<=\d)['’\s](?=\d{3}(?!\d))/g;

/** A sign that stands between thousands in some columns, and before decimals in others. */
export type ThousandsSign = "," | ".";

/**
 * The value of a cell that holds only a number, else null. Signs of currencies are left out.
 *
 * @param thousands what stands between thousands in the column; null where "1,234" has three decimals
 */
export function numberOf(cell: string, thousands: ThousandsSign | null = null): number | null {
  if (cell.length >= 40 || !/\d/.test(cell)) return null;
  const plain = plainOf(cell);
  const [, sign, decimal] = grouped.exec(plain) ?? [];
  const isGrouped =
    sign !== undefined && decimal !== sign && (decimal !== undefined || isThousands(plain, sign, thousands));
  const written = isGrouped ? plain.replaceAll(sign, "") : plain;
  if (!number.test(written)) return null;
  return Number(written.replace(",", ".").replace(/\s?%$/, ""));
}

/**
 * What stands between the thousands of a column's numbers, where that is said by none of them alone: "12,345" is a number
 * of thousands where all others with a comma are; "12.345" is one where others have no decimals, or two signs.
 */
export function thousandsSign(cells: Iterable<string>): ThousandsSign | null {
  const numbers = [...cells].map((cell) => plainOf(cell.trim())).filter((cell) => numberOf(cell) !== null);
  for (const sign of [",", "."] as const) {
    const withSign = numbers.filter((one) => one.includes(sign));
    const areGrouped = withSign.every((one) => grouped.exec(one)?.[1] === sign && !/^[-+]?0/.test(one));
    if (withSign.length === 0 || !areGrouped) continue;
    const isSure = withSign.some((one) => one.split(sign).length > 2 || /[.,]\d*[.,]/.test(one));
    const hasWhole = numbers.some((one) => /^[-+]?\d{1,3}$/.test(one));
    if (isSure || sign === "," || hasWhole) return sign;
  }
  return null;
}

const isThousands = (plain: string, sign: string, thousands: ThousandsSign | null) =>
  sign === thousands || plain.split(sign).length > 2;

/** A number without what is no part of it, and with the minus that programs write; amounts in brackets are below 0. */
function plainOf(cell: string): string {
  const inBrackets = /^\((?=[^-+]*\d)(.+)\)$/.exec(cell)?.[1];
  const own = inBrackets === undefined ? cell : `-${inBrackets}`;
  return own
    .replace(/^[−–](?=[\d.,])/, "-")
    .replace(aroundNumber, "$1")
    .replace(betweenThousands, "");
}
