/** A value of the small part of YAML that `parseYaml` reads. */
type Yaml = string | number | Yaml[] | { [key: string]: Yaml };

/**
 * Reads block mappings, block sequences and one-line scalars (plain or double-quoted), independently of the code
 * under test. Throws at everything else, so that a card with anything fancier fails.
 */
export function parseYaml(text: string): Yaml {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).filter((line) => line.trim() !== "");
  let at = 0;

  const indentOf = (line: string) => line.length - line.trimStart().length;

  function block(indent: number): Yaml {
    return lines[at]?.slice(indent).startsWith("-") ? sequence(indent) : mapping(indent);
  }

  function sequence(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = lines[at]; line !== undefined; line = lines[at]) {
      if (indentOf(line) !== indent || !line.slice(indent).startsWith("- ")) break;
      const rest = line.slice(indent + 2);
      if (/^[\w-]+:( |$)/.test(rest)) {
        lines[at] = `${" ".repeat(indent + 2)}${rest}`;
        items.push(mapping(indent + 2));
      } else {
        items.push(scalar(rest));
        at++;
      }
    }
    return items;
  }

  function mapping(indent: number): Yaml {
    const entries: [string, Yaml][] = [];
    for (let line = lines[at]; line !== undefined && indentOf(line) === indent; line = lines[at]) {
      const match = /^([\w-]+):(?: (.*))?$/.exec(line.slice(indent));
      if (match === null) break;
      at++;
      const [, key = "", value] = match;
      if (value !== undefined) {
        entries.push([key, scalar(value)]);
        continue;
      }
      const next = lines[at];
      if (next === undefined || indentOf(next) < indent) throw new Error(`Nothing under ${key}.`);
      entries.push([key, block(indentOf(next))]);
    }
    return Object.fromEntries(entries);
  }

  function scalar(raw: string): Yaml {
    if (raw.startsWith('"')) return JSON.parse(raw) as string;
    if (/^-?\d+(\.\d+)?$/.test(raw)) return Number(raw);
    if (!/^[A-Za-z][\w -]*$/.test(raw)) throw new Error(`Not a plain scalar: ${raw}`);
    return raw;
  }

  const value = block(0);
  if (at !== lines.length) throw new Error(`Line ${at + 1} does not fit: ${lines[at] ?? ""}`);
  return value;
}
