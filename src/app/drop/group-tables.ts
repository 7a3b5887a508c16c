/**
 * A dropped table: one file, or a file of texts with files of their labels and maybe of the labels' names beside it.
 */
export interface DroppedTable {
  file: File;
  beside: File[];
}

type Role = "texts" | "labels" | "names";

const words = (list: string) => new RegExp(`(^|[^a-z])(${list})([^a-z]|$)`);
const roles: readonly [Role, RegExp][] = [
  ["names", words("mapping|(label|class|category)[ _-]?(names?|map|list|index)|classes|categories|id2label")],
  ["labels", words("labels?|targets?|gold|answers?|y|cat|lbl|lab")],
  ["texts", words("texts?|sentences?|sents?|inputs?|tweets?|reviews?|documents?|docs?|seq|data|x|tok")],
];
/** Names of the parts of a data set, in order of preference; a test part is used only where there is no other. */
const parts = [words("train|training"), words("valid|validation|val|dev"), words("test|eval|held")] as const;
/** Endings of files with columns. */
const columned = /[.](csv|tsv|tab|psv|jsonl|ndjson|json|parquet|xlsx|conll|ft|gz|zip)$/;
const HEAD_BYTES = 16_384;

/**
 * Groups parallel files (texts and labels, one per line), by names such as `train_text.txt`, `train_labels.txt` and
 * `mapping.txt`, else by their first lines. Every other file is its own table. Files for validation come second;
 * otherwise the order is kept.
 */
export async function groupTables(files: readonly File[]): Promise<DroppedTable[]> {
  if (files.length < 2) return files.map((file) => ({ file, beside: [] }));
  const found = await Promise.all(
    files.map(async (file) => ({ file, part: partOf(file.name), role: await roleOf(file) })),
  );
  const left = new Set(found);
  const tables: (DroppedTable & { part: number })[] = [];
  const allNames = found.filter(({ role }) => role === "names");
  for (const part of new Set(found.map((one) => one.part))) {
    const of = (role: Role) => found.filter((one) => one.part === part && one.role === role);
    // A file called “classes” holds the labels if no other file does.
    const [text, second] = of("texts");
    const [label, other] = of("labels").length > 0 ? of("labels") : of("names");
    if (!text || !label || second || other) continue;
    const names = allNames.find((one) => one !== label && one.part === part) ?? allNames.find((one) => one !== label);
    for (const one of [text, label, names]) if (one) left.delete(one);
    tables.push({ file: text.file, beside: [label.file, ...(names ? [names.file] : [])], part });
  }
  for (const { file, part } of left) tables.push({ file, beside: [], part });
  const place = ({ file }: DroppedTable) => files.indexOf(file);
  return tables.sort((a, b) => a.part - b.part || place(a) - place(b)).map(({ file, beside }) => ({ file, beside }));
}

/** Index of the file's part in `parts`; 0, for training, where the name does not say. */
function partOf(name: string): number {
  return Math.max(
    0,
    parts.findIndex((part) => part.test(lastOf(name))),
  );
}

/** What the lines of a file are, by its name or else by its lines; null for a table. */
async function roleOf(file: File): Promise<Role | null> {
  const name = lastOf(file.name);
  if (columned.test(name)) return null;
  const [first, second] = roles.filter(([, word]) => word.test(name));
  // A file of label names also has "label" in its name.
  if (first && (!second || first[0] === "names")) return first[0];
  return second ? null : roleByLines(file);
}

/** Short lines that repeat are labels; others are texts, unless they begin with their label. */
async function roleByLines(file: File): Promise<Role | null> {
  const head = await file
    .slice(0, HEAD_BYTES)
    .text()
    .catch(() => "");
  const lines = head.split(/\r\n?|\n/).map((line) => line.trim());
  // The last line may be cut, or is empty.
  if (lines.length > 1) lines.pop();
  if (lines.length < 2) return null;
  const isShort = lines.every((line) => line.length <= 40 && line.split(/\s+/).length <= 4);
  if (isShort && new Set(lines).size <= Math.max(2, lines.length / 2)) return "labels";
  return /^__label__|\t|^\S+[|;]/.test(lines[0] ?? "") ? null : "texts";
}

function lastOf(path: string): string {
  return (path.split("/").at(-1) ?? path).toLowerCase();
}
