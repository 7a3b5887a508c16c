import { note, type TableFaults } from "./table-faults.ts";
import type { TextFile } from "./table-text.ts";

/** A line of a text file without its end; `number` is 1-based. */
interface Line {
  text: string;
  number: number;
}

/** The lines of a file, ended by "\n", "\r\n" or "\r"; lines in another encoding are noted. */
export async function* linesOf(file: TextFile, faults?: TableFaults): AsyncGenerator<Line, undefined> {
  let rest: string[] = [];
  let number = 0;
  // A "\r" at the end of a piece may be the first half of a row end.
  let heldReturn = "";
  for await (const next of file.pieces((line) => faults && note(faults.mixedEncoding, line))) {
    let piece = heldReturn + next;
    heldReturn = piece.endsWith("\r") ? "\r" : "";
    if (heldReturn !== "") piece = piece.slice(0, -1);
    const parts = piece.split(/\r\n|\n|\r/);
    rest.push(parts[0] ?? "");
    if (parts.length === 1) continue;
    yield { text: rest.join(""), number: ++number };
    for (const text of parts.slice(1, -1)) yield { text, number: ++number };
    rest = [parts.at(-1) ?? ""];
  }
  const last = rest.join("");
  if (last !== "" || heldReturn !== "") yield { text: last, number: ++number };
}
