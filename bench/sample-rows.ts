import { readFileSync } from "node:fs";

/**
 * A CSV of so many rows, "label,text": those of the shipped sample, over and over, each turn with a number before the
 * texts so that no two are the same.
 */
export function sampleRows(count: number): string {
  const [header = "", ...lines] = recordsOf(readFileSync("public/sample/sms-spam.csv", "utf8"));
  const rows = Array.from({ length: count }, (_, row) => {
    const line = lines[row % lines.length] ?? "";
    const turn = Math.floor(row / lines.length);
    return turn === 0 ? line : line.replace(/^(\w+),("?)/, `$1,$2${turn} `);
  });
  return `${[header, ...rows].join("\n")}\n`;
}

/** Records of a CSV file; a line break within quotes does not end one. */
function recordsOf(text: string): string[] {
  return text.match(/(?:"(?:[^"]|"")*"|[^"\n])+/g) ?? [];
}
