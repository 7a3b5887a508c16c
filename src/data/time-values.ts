import { numberOf, thousandsSign } from "./cell-number.ts";

const ISO = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T\s]+(.*))?$/;
const SLASHED = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[,\s]+(.*))?$/;
const DAY_AND_MONTH = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[,\s]+(.*))?$/;
const CLOCK = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}(?:\.\d+)?))?\s*(am|pm)?\s*(z|utc|gmt|[-+]\d{2}:?\d{2})?$/i;
const NAMED_MONTH = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** The times of a column, and whether days and months were told apart by custom alone. */
interface Times {
  /** Milliseconds since 1970, or the numbers of a column of numbers; NaN where a cell is no time [cells]. */
  values: Float64Array;
  /** Set where "3/4/2024" could be of March or of April: it was read as of March. */
  isAmbiguous: boolean;
}

/**
 * The cells of a column as times that can be compared: numbers (years, seconds since 1970, any count), dates of ISO 8601,
 * "31.12.2024" and "12/31/2024" with or without a time of day, and dates with a month's name. Days and months are told
 * apart by the numbers above 12 of the column; times without a zone are read as UTC.
 */
export function timesOf(cells: Iterable<string>): Times {
  const trimmed = Array.from(cells, (cell) => cell.trim());
  const thousands = thousandsSign(trimmed);
  const filled = trimmed.filter((cell) => cell !== "");
  const numbers = filled.filter((cell) => numberOf(cell, thousands) !== null).length;
  if (2 * numbers > filled.length) {
    return {
      values: Float64Array.from(trimmed, (cell) => (cell === "" ? NaN : (numberOf(cell, thousands) ?? NaN))),
      isAmbiguous: false,
    };
  }
  const { dayFirst, isAmbiguous } = orderOf(filled);
  return { values: Float64Array.from(trimmed, (cell) => timeOf(cell, dayFirst)), isAmbiguous };
}

/** Whether days come before months; dots are between days and months, in this order. */
function orderOf(cells: readonly string[]): { dayFirst: boolean; isAmbiguous: boolean } {
  let hasSlashes = false;
  for (const cell of cells) {
    const [, first, sign, second] = DAY_AND_MONTH.exec(cell) ?? [];
    if (first === undefined) continue;
    if (Number(first) > 12) return { dayFirst: true, isAmbiguous: false };
    if (Number(second) > 12) return { dayFirst: false, isAmbiguous: false };
    if (sign === ".") return { dayFirst: true, isAmbiguous: false };
    hasSlashes = true;
  }
  return { dayFirst: false, isAmbiguous: hasSlashes };
}

function timeOf(cell: string, dayFirst: boolean): number {
  const [, year, month, day, clock] = ISO.exec(cell) ?? SLASHED.exec(cell) ?? [];
  if (year !== undefined) return moment(Number(year), Number(month), Number(day ?? 1), clock);
  const [, first, , second, last, ofDay] = DAY_AND_MONTH.exec(cell) ?? [];
  if (first !== undefined) {
    const years = Number(last) + (last?.length === 2 ? (Number(last) < 70 ? 2000 : 1900) : 0);
    const [d, m] = dayFirst ? [first, second] : [second, first];
    return moment(years, Number(m), Number(d), ofDay);
  }
  // The platform reads "row 5" as a date too, so that a month's name and a year are asked for.
  if (!NAMED_MONTH.test(cell) || !/\d{4}/.test(cell)) return NaN;
  const parsed = Date.parse(/(z|utc|gmt|[-+]\d{2}:?\d{2}|[a-z]{3} \d{4})$/i.test(cell) ? cell : `${cell} UTC`);
  return Number.isNaN(parsed) ? Date.parse(cell) : parsed;
}

/** Milliseconds since 1970 of a day and a time of day; NaN where there is no such day. */
function moment(year: number, month: number, day: number, clock = ""): number {
  const start = Date.UTC(year, month - 1, day);
  const isDay = month >= 1 && month <= 12 && new Date(start).getUTCDate() === day;
  if (!isDay) return NaN;
  if (clock.trim() === "") return start;
  const [, hours, minutes = "0", seconds = "0", half, zone] = CLOCK.exec(clock.trim()) ?? [];
  if (hours === undefined) return NaN;
  const ofHalf = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  const offset = /^([-+])(\d{2}):?(\d{2})$/.exec(zone ?? "");
  const away = offset ? (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return start + ((ofHalf * 60 + Number(minutes) - away) * 60 + Number(seconds)) * 1000;
}
