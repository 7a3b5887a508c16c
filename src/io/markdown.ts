/**
 * A text as a plain cell of a Markdown table: on one line, with the syntax of Markdown and HTML escaped.
 */
export function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~$&]/g, "\\$&");
}

/** A Markdown table; the first column is left-aligned, the others right. Cells must be escaped already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/**
 * A string as a YAML scalar. JSON's double-quoted strings are YAML's (YAML 1.2, section 1.3), with two characters
 * more to escape: YAML reads U+0085 and U+2028/9 as line ends.
 */
export function yamlString(text: string): string {
  return JSON.stringify(text).replace(/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A block of code. */
export function fenced(language: string, code: string): string {
  // The text may contain a fence, so this one is longer.
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}
