import type { Finding } from "../../data/summary.ts";
import { counted, quoted } from "../../recipe/wording.ts";
import { differencesOf, lookAlikes } from "./label-spelling.ts";

const SHOWN_GROUPS = 5;
const SHOWN_ROWS = 20;

/** Labels that look alike, in one finding; empty where there are none. */
export function lookAlikeFinding(counts: ReadonlyMap<string, number>): Finding[] {
  const groups = lookAlikes(counts);
  if (groups.length === 0) return [];
  const shown = groups.slice(0, SHOWN_GROUPS).map((group) => {
    const [first = "", ...others] = group;
    const differences = new Set(others.flatMap((other) => differencesOf(first, other)));
    return `${quoted(group.map(visible), 4)} (${[...differences].join(", ")})`;
  });
  const more = groups.length > SHOWN_GROUPS ? ` and ${groups.length - SHOWN_GROUPS} more` : "";
  return [
    {
      id: "look-alike-labels",
      severity: "warning",
      text: `${counted(groups.length, "class is", "classes are")} written in more than one way: ${shown.join("; ")}${more}.`,
      remedy: "Merge them unless they mean different things: each spelling is learned as a class of its own.",
      tableRows: [],
      fix: { label: "Merge look-alike labels", change: { cleaning: { mergeLabels: true } } },
    },
  ];
}

/** Labels that were taken as another spelling of a class. */
export function respeltFinding(respelt: ReadonlyMap<string, string>, merged: boolean): Finding[] {
  if (respelt.size === 0) return [];
  const pairs = [...respelt]
    .slice(0, SHOWN_GROUPS)
    .map(([label, name]) => `${quoted([visible(label)])} as ${quoted([name])}`);
  const more = respelt.size > SHOWN_GROUPS ? ` and ${respelt.size - SHOWN_GROUPS} more` : "";
  return [
    {
      id: merged ? "merged-labels" : "matched-labels",
      severity: "note",
      text: `Labels that look alike count as one class: ${pairs.join(", ")}${more}.`,
      remedy: "",
      tableRows: [],
    },
  ];
}

/** Labels that are no class, with both sides: what the classes are and what the rows have. */
export function unknownLabelsFinding({
  names,
  classes,
  rows,
  nothingLeft,
}: {
  names: string[];
  classes: readonly string[];
  rows: number[];
  nothingLeft: boolean;
}): Finding {
  return {
    id: "unknown-validation-labels",
    severity: nothingLeft ? "blocking" : "warning",
    text: `${counted(rows.length, "row has", "rows have")} a label that is not among the classes and ${rows.length === 1 ? "is" : "are"} left out: the classes are ${quoted(classes, 10)}; these rows have ${quoted(names, 10)}.`,
    remedy: "Check that the label column is the right one and that the labels are spelt alike in both files.",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}

/** A label with what is not seen of it spelt out. */
function visible(label: string): string {
  return label.replace(
    /[\p{Cf}\p{Cc}\u00a0]/gu,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}
