/** A Markdown table; cells are shown as they are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A number with thousands separated, e.g. 7,034 or 12.7. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A goal and the measured value. */
export interface Goal {
  what: string;
  /** At least where `atLeast`, else at most. */
  limit: number;
  atLeast: boolean;
  measured: number;
}

export const least = (what: string, limit: number, measured: number): Goal => ({
  what,
  limit,
  atLeast: true,
  measured,
});
export const most = (what: string, limit: number, measured: number): Goal => ({
  what,
  limit,
  atLeast: false,
  measured,
});

export function goalsTable(goals: readonly Goal[]): string {
  return table(
    ["goal", "", "measured", ""],
    goals.map(({ what, limit, atLeast, measured }) => [
      what,
      `${atLeast ? "at least" : "at most"} ${number(limit, limit % 1 ? 2 : 0)}`,
      number(measured, limit > 1000 ? 0 : 2),
      (atLeast ? measured >= limit : measured <= limit) ? "reached" : "**missed**",
    ]),
  );
}
