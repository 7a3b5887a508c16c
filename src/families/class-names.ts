/** The names of a head's outputs, or why config.json gives none. */
type ClassNames = { names: string[]; fault: null } | { names: null; fault: string };

type Json = Record<string, unknown>;

/**
 * The class names in a parsed config.json, in order of class index: those of `id2label`, else of `label2id`, else
 * LABEL_0 and so on, as transformers names classes where a file leaves them out.
 *
 * @param outputs rows of the head: what it was trained with, whatever config.json says
 */
export function classNames(config: unknown, outputs: number): ClassNames {
  const json: Json = typeof config === "object" && config !== null ? { ...config } : {};
  const byId = entriesOf(json.id2label);
  if (byId.length > 0) return ordered("id2label", byId, outputs);
  const byName = entriesOf(json.label2id).map(([name, id]): [string, unknown] => [String(id), name]);
  if (byName.length > 0) return ordered("label2id", byName, outputs);
  const stated = typeof json.num_labels === "number" ? json.num_labels : outputs;
  if (stated !== outputs) return fault(`num_labels is ${stated}, and the head has ${outputs} outputs`);
  return { names: Array.from({ length: outputs }, (_, i) => `LABEL_${i}`), fault: null };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function ordered(field: string, entries: [string, unknown][], outputs: number): ClassNames {
  const names = new Map<number, string>();
  for (const [key, value] of entries) {
    if (!/^\d+$/.test(key)) return fault(`${field} has the class number “${key}”`);
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      return fault(`${field} has no name for the class ${key}`);
    }
    names.set(Number(key), String(value));
  }
  const numbers = [...names.keys()].sort((a, b) => a - b);
  const [first = 0] = numbers;
  const last = numbers.at(-1) ?? 0;
  const areInRow = last - first + 1 === numbers.length;
  if (areInRow && first === 1 && numbers.length === outputs) {
    return fault(`${field} counts its classes from 1 (1 to ${last}), where the first class has the number 0`);
  }
  if (numbers.length !== outputs) {
    return fault(`${field} names ${numbers.length} classes, and the head has ${outputs} outputs`);
  }
  if (!areInRow || first !== 0) return fault(`${field} does not number its classes from 0 to ${outputs - 1}`);
  const inOrder = numbers.map((number) => names.get(number) ?? "");
  const seen = new Set<string>();
  const twice = inOrder.find((name) => seen.has(name) || !seen.add(name));
  if (twice !== undefined) return fault(`${field} names two classes “${twice}”`);
  return { names: inOrder, fault: null };
}

const fault = (text: string): ClassNames => ({ names: null, fault: `config.json cannot be right: ${text}.` });
