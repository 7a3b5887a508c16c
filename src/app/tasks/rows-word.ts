import type { Selectable } from "./panels.ts";

/** What the rows that a panel shows are called: those of a selection are not all validation rows. */
export function rowsWord({ isPart }: Pick<Selectable, "isPart">, noun = "rows"): string {
  return `${isPart ? "selected" : "validation"} ${noun}`;
}
