/** A table of Markdown. @param {(string | number)[]} head @param {(string | number)[][]} rows @returns {string} */
export function markdownTable(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
