import { columnNamed } from "../data/column-named.ts";
import { guessColumns } from "../data/columns.ts";
import { parseEditPatch } from "../data/edit-patch.ts";
import { editedTable } from "../data/edits.ts";
import { nameLabels } from "../data/named-labels.ts";
import type { Cleaning } from "../data/summary.ts";
import { openTable, type Table } from "../data/table.ts";
import { fileSource } from "../io/node-file.ts";
import type { FormatOverrides, TableKind } from "../io/parsed-table.ts";
import { linesOf, openText } from "../io/table-text.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";

/** Options that override what is detected of the file of `--data`. */
export const formatOptions = {
  encoding: { type: "string" },
  delimiter: { type: "string" },
  quote: { type: "string" },
  header: { type: "string" },
  sheet: { type: "string" },
  labels: { type: "string" },
  "label-names": { type: "string" },
  edits: { type: "string" },
} as const;

const formatNames = Object.keys(formatOptions);

/** Options for rows to train on and their validation file. */
export const tableOptions = {
  ...formatOptions,
  "valid-encoding": { type: "string" },
  "valid-delimiter": { type: "string" },
  "valid-quote": { type: "string" },
  "valid-header": { type: "string" },
  "valid-sheet": { type: "string" },
  "valid-labels": { type: "string" },
  "valid-label-names": { type: "string" },
  "merge-labels": { type: "boolean" },
  "missing-words": { type: "boolean" },
} as const;

/** The options of `formatOptions` for the file of `--test`. */
export const testFormatOptions = {
  "test-encoding": { type: "string" },
  "test-delimiter": { type: "string" },
  "test-quote": { type: "string" },
  "test-header": { type: "string" },
  "test-sheet": { type: "string" },
  "test-labels": { type: "string" },
  "test-label-names": { type: "string" },
} as const;

/** The options of `formatOptions` for the file of an earlier task, and for its validation file. */
export const earlierFormatOptions = {
  "earlier-encoding": { type: "string" },
  "earlier-delimiter": { type: "string" },
  "earlier-quote": { type: "string" },
  "earlier-header": { type: "string" },
  "earlier-sheet": { type: "string" },
  "earlier-labels": { type: "string" },
  "earlier-label-names": { type: "string" },
  "earlier-valid-encoding": { type: "string" },
  "earlier-valid-delimiter": { type: "string" },
  "earlier-valid-quote": { type: "string" },
  "earlier-valid-header": { type: "string" },
  "earlier-valid-sheet": { type: "string" },
  "earlier-valid-labels": { type: "string" },
  "earlier-valid-label-names": { type: "string" },
} as const;

/** Prefix of the options of each file. */
type Prefix = "" | "valid-" | "test-" | "earlier-" | "earlier-valid-";

/** Options as `parseArgs` gives them. */
export type OptionValues = Partial<Record<string, unknown>>;

/** The lines of a command's help on these options. */
export const formatHelp = `  --encoding NAME  --delimiter CHARACTER  --quote CHARACTER  --header yes|no  --sheet NAME
                   override what is detected of --data: any encoding of the WHATWG standard (utf-8, windows-1252,
                   gbk …); “tab” for a tab; “none” where quotes have no meaning; --sheet names the
                   sheet of a workbook, the table of a zip or the split of a JSON file
  --labels FILE    the labels of --data where they are in a file of their own, one per line
  --label-names FILE      the names of numbered labels, one per line: of --labels, or else of the label column
  --edits FILE     changes of rows of --data, as the page exports them (a patch): they are made before columns are read,
                   and a patch of another table is refused`;

export const tableHelp = `${formatHelp}
  --valid-encoding and so on             the same for --valid
  --merge-labels   labels that look alike (case, spaces, invisible characters, 1 and 1.0) are one class
  --missing-words  nan, NULL, None, N/A, - and the like count as empty`;

const ENCODINGS =
  "utf-8 utf-16le utf-16be windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-874 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh x-mac-cyrillic ibm866 gbk gb18030 big5 shift_jis euc-jp iso-2022-jp euc-kr".split(
    " ",
  );
/** Names that Python and old systems use and the WHATWG standard does not list. */
const ALIASES = new Map([
  ["cp936", "gbk"],
  ["cp932", "shift_jis"],
  ["cp949", "euc-kr"],
  ["cp950", "big5"],
  ["mac-roman", "macintosh"],
  ["macroman", "macintosh"],
  ["mac-cyrillic", "x-mac-cyrillic"],
  ["utf-8-sig", "utf-8"],
  ["latin-1", "windows-1252"],
  ["ansi", "windows-1252"],
  ["cp874", "windows-874"],
]);
const CHARACTERS = new Map([
  ["tab", "\t"],
  ["\\t", "\t"],
  ["comma", ","],
  ["semicolon", ";"],
  ["pipe", "|"],
  ["space", " "],
  ["double", '"'],
  ["single", "'"],
  ["apostrophe", "'"],
]);

/** Opens the table of `--data`, or with the prefix "valid-" that of `--valid` and so on, as its options say. */
export async function openTableOf(path: string, values: OptionValues, prefix: Prefix = ""): Promise<Table> {
  const labels = text(values, `${prefix}labels`);
  const names = text(values, `${prefix}label-names`);
  // Beside a file of labels, which file is which is told by their lines.
  const paths = [path, ...(labels === undefined ? [] : [labels, ...(names === undefined ? [] : [names])])];
  const sources = await Promise.all(paths.map((one) => fileSource(one)));
  const [only] = sources;
  const overrides = overridesOf(values, prefix);
  const table = await openTable(sources.length === 1 && only ? only : sources, overrides);
  refuseUnused(table, overrides, prefix);
  const edits = text(values, `${prefix}edits`);
  const edited = edits === undefined ? table : await withEdits(table, edits);
  // The numbers of a validation or test file have the names of those of --data.
  const ofData = prefix === "valid-" || prefix === "test-" ? text(values, "label-names") : undefined;
  const file = names ?? ofData;
  return labels === undefined && file !== undefined ? withNames(edited, file, values, prefix) : edited;
}

/** A table with the changes of a patch, which are counted on standard error. */
async function withEdits(table: Table, path: string): Promise<Table> {
  const source = await fileSource(path);
  const patch = new TextDecoder().decode(await source.slice(0, source.size));
  const edits = parseEditPatch(patch, source.name, table);
  console.error(`${source.name}: ${counted(edits.length, "change")} of rows of ${table.name}`);
  return editedTable(table, edits);
}

/** The table with the names of a file in place of the numbers of its labels. */
async function withNames(table: Table, file: string, values: OptionValues, prefix: Prefix): Promise<Table> {
  const ofTask = prefix.startsWith("earlier-") ? "earlier-" : "";
  const [label] = [values[`${ofTask}label`] ?? []].flat();
  const column =
    typeof label === "string" ? columnNamed(table, label) : guessColumns(table.columns, table.cells).guess?.label;
  if (column === undefined) {
    throw new Problem({
      found: `No column of ${table.name} looks like labels, whose numbers ${file} would name.`,
      remedy: `Name the column with --${ofTask}label.`,
    });
  }
  const source = await openText(await fileSource(file), undefined);
  const lines: string[] = [];
  for await (const { text: line } of linesOf(source)) if (line.trim() !== "") lines.push(line);
  return nameLabels(table, column, lines, source.name);
}

/** Like `openTableOf`, but null without a path; its options are then refused. */
export async function openIfGiven(
  path: string | undefined,
  values: OptionValues,
  prefix: Exclude<Prefix, "">,
): Promise<Table | null> {
  if (path !== undefined) return openTableOf(path, values, prefix);
  refuseWithoutFile(values, prefix);
  return null;
}

/** @throws {Problem} where there are options for a file that is not given */
export function refuseWithoutFile(values: OptionValues, prefix: Exclude<Prefix, "">): void {
  const given = formatNames.map((name) => `${prefix}${name}`).find((name) => values[name] !== undefined);
  if (given === undefined) return;
  const file = `--${prefix.slice(0, -1)}`;
  throw new Problem({
    found: `--${given} is given without ${file}.`,
    expected: `It says how the file of ${file} is read.`,
    remedy: `Name the file with ${file}, or leave --${given} out.`,
  });
}

const kindNames: Record<TableKind, string> = {
  delimited: "a delimited file",
  "json-lines": "JSON Lines",
  json: "JSON without named splits",
  fasttext: "a file of fastText lines",
  "label-first": "a file of lines that begin with their label",
  parallel: "parallel files",
  conll: "a CoNLL file",
  parquet: "a Parquet file",
  xlsx: "a workbook",
};

/** @throws {Problem} where an option does not apply to the kind of file that was read */
function refuseUnused({ name, format }: Table, overrides: FormatOverrides, prefix: Prefix): void {
  const unused = (["encoding", "delimiter", "quote", "header", "sheet"] as const).find((part) => {
    const given = overrides[part];
    if (given === undefined) return false;
    // A sheet can be named without its folder.
    return part === "sheet" ? format.sheet === null : given !== format[part];
  });
  if (unused === undefined) return;
  const option = `--${prefix}${unused}`;
  throw new Problem({
    found: `${option} does nothing for ${name}: it was read as ${kindNames[format.kind]}.`,
    expected: uses[unused],
    remedy: `Leave ${option} out, or check that ${name} is the file that was meant.`,
  });
}

const uses: Record<keyof FormatOverrides, string> = {
  encoding: "An encoding can be chosen for text files.",
  delimiter: "A delimiter can be chosen for text files whose rows are lines.",
  quote: "A quote can be chosen for delimited files.",
  header: "Whether there is a header can be chosen for delimited files and workbooks.",
  sheet: "A sheet can be chosen in a workbook, a zip of tables or a JSON file of splits.",
};

/** The overrides that the options give; throws a Problem for a value that an option cannot have. */
function overridesOf(values: OptionValues, prefix: Prefix = ""): FormatOverrides {
  const [encoding, delimiter, quote, header, sheet] = ["encoding", "delimiter", "quote", "header", "sheet"].map(
    (name) => text(values, `${prefix}${name}`),
  );
  const option = (name: string) => `--${prefix}${name}`;
  const overrides: FormatOverrides = {
    ...(encoding !== undefined && { encoding: encodingNamed(encoding, option("encoding")) }),
    ...(delimiter !== undefined && { delimiter: characterNamed(delimiter, option("delimiter")) }),
    ...(quote !== undefined && {
      quote: quote === "none" || quote === "" ? "" : characterNamed(quote, option("quote")),
    }),
    ...(header !== undefined && { header: yesOrNo(header, option("header")) }),
    ...(sheet !== undefined && { sheet }),
  };
  if (overrides.delimiter !== undefined && overrides.delimiter === overrides.quote) {
    throw wrong(option("delimiter"), delimiter ?? "", "Delimiter and quote were expected to differ.");
  }
  return overrides;
}

/** How the options clean labels. */
export function cleaningOf(values: OptionValues): Cleaning {
  return { mergeLabels: values["merge-labels"] === true, missingWords: values["missing-words"] === true };
}

function text(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

function encodingNamed(value: string, option: string): string {
  const name = value.trim().toLowerCase().replaceAll("_", "-");
  const label = ALIASES.get(name) ?? name;
  // The platform knows the labels of the standard, such as "latin1" and "cp1251"; "shift_jis" has an underscore.
  for (const candidate of [label, value.trim()]) {
    try {
      const { encoding } = new TextDecoder(candidate);
      if (encoding !== "x-user-defined") return encoding.toLowerCase();
    } catch {
      // The next spelling, or the message below.
    }
  }
  throw wrong(option, value, `An encoding was expected: ${ENCODINGS.join(", ")}, or another name of these.`);
}

/** The one character that an option names, as itself or by a word such as “tab”; throws a Problem for anything else. */
export function characterNamed(value: string, option: string): string {
  const character = CHARACTERS.get(value.toLowerCase()) ?? value;
  if (character.length === 1 && !/[\r\n\ufeff]/.test(character)) return character;
  const words = option.endsWith("quote") ? "“none”, “double” or “single”" : "“tab”, “comma”, “semicolon” or “pipe”";
  throw wrong(option, value, `One character was expected, or ${words}.`);
}

function yesOrNo(value: string, option: string): boolean {
  if (/^(yes|true)$/i.test(value)) return true;
  if (/^(no|false)$/i.test(value)) return false;
  throw wrong(option, value, "“yes” or “no” was expected.");
}

function wrong(option: string, value: string, expected: string): Problem {
  return new Problem({
    found: `${option} is “${value}”.`,
    expected,
    remedy: "Correct the option, or leave it out to have it detected.",
  });
}
