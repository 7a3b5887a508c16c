import { fields } from "../../recipe/fields.ts";
import { fileAt } from "./read-drop.ts";

/** The files of a drop, by what they are for. */
interface SortedDrop {
  /** Tables, in the order dropped: the first is for training. */
  tables: File[];
  /** All files of a checkpoint, loose or in a folder. */
  checkpoint: File[];
  /** Zips: a checkpoint or a table, which cannot be told from their names. */
  zips: File[];
  recipes: File[];
  /** JSON files: tables or recipes, which cannot be told from their names. */
  json: File[];
  /** Names of files that cannot be used. */
  unknown: string[];
}

const checkpointNames = new Set([
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
  "spm.model",
  "spiece.model",
  "sentencepiece.bpe.model",
  "tokenizer.model",
  "model.safetensors.index.json",
]);

/** Files that an export has besides the model. */
const runFiles = new Set(["predictions.csv", "errors.csv", "metrics.jsonl", "metrics.csv"]);

/** The last few cannot be read as tables; the reader explains that better than a refusal here. */
const tableEndings =
  /[.](csv|tsv|tab|psv|jsonl|ndjson|parquet|xlsx|conll|ft)([.]gz)?$|[.](txt|json)[.]gz$|[.](labels?|texts?|lbl|lab|cat|tok|data|dat)$|[.](xls|ods|arrow|feather|html?|pdf)$/;

const checkpointEndings = [".safetensors", ".bin", ".pt", ".pth", ".onnx", ".gguf", ".h5", ".ckpt", ".msgpack"];

/**
 * Sorts files into tables, a checkpoint and recipes by their names. A folder that Tabtune wrote has all three
 * (`predictions.csv`, `recipe.json`): beside a checkpoint these are parts of it.
 */
export function sortDropped(files: readonly File[]): SortedDrop {
  const names = files.map((file) => (file.name.split("/").at(-1) ?? "").toLowerCase());
  const isModel = (name: string) => checkpointNames.has(name) || checkpointEndings.some((end) => name.endsWith(end));
  const hasModel = names.some(isModel);
  const sorted: SortedDrop = { tables: [], checkpoint: [], zips: [], recipes: [], json: [], unknown: [] };
  files.forEach((file, i) => {
    const name = names[i] ?? "";
    const table = tableEndings.test(name) || ((name.endsWith(".txt") || isLines(name)) && !hasModel);
    if (isModel(name)) sorted.checkpoint.push(file);
    else if (name.endsWith(".zip")) sorted.zips.push(file);
    else if (table && !(hasModel && runFiles.has(name)))
      sorted.tables.push(fileAt(file.name.split("/").at(-1) ?? file.name, file));
    else if (hasModel) sorted.checkpoint.push(file);
    else if (name.endsWith(".json") && /recipe/.test(name)) sorted.recipes.push(file);
    else if (name.endsWith(".json")) sorted.json.push(file);
    else if (!name.startsWith(".")) sorted.unknown.push(file.name);
  });
  return sorted;
}

/** Files of lines without an ending, or with an unusual one: `labels`, `seq.in`. */
function isLines(name: string): boolean {
  return /(^|[^a-z])(texts?|labels?|seq)([^a-z]|$)/.test(name) && /^[^.]*([.](in|out))?$/.test(name);
}

/** Whether the text of a JSON file begins like a recipe: an object whose first key is a recipe's field. */
export function isRecipe(beginning: string): boolean {
  const key = /^\s*[{]\s*"(\w+)"/.exec(beginning)?.[1];
  return key === "version" || (key !== undefined && Object.hasOwn(fields, key));
}

/** Whether the text of a file begins like a patch of a table's rows (`data/edit-patch.ts`). */
export function isPatch(beginning: string): boolean {
  return /^\ufeff?\s*[{]\s*"format"\s*:\s*"tabtune-edits"/.test(beginning);
}

/** Bytes that are read from the end of a zip, where the list of its files is. */
const TAIL_BYTES = 1 << 20;
/** The signature of an entry of that list. */
const ENTRY = "PK\x01\x02";
const NAME_LENGTH_AT = 28;
const NAME_AT = 46;
const checkpointFile =
  /(^|\/)((tokenizer_)?config\.json|tokenizer\.json|vocab\.txt)$|\.(safetensors|bin|pt|pth|onnx|gguf|h5|ckpt|msgpack)$/i;

/** Whether a zip holds files of a checkpoint; a zip that does not is opened as a table. */
export async function holdsCheckpoint(zip: File): Promise<boolean> {
  const tail = await zip
    .slice(Math.max(0, zip.size - TAIL_BYTES))
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  const text = new TextDecoder("latin1").decode(tail);
  const bytes = new DataView(tail);
  for (let at = text.indexOf(ENTRY); at >= 0; at = text.indexOf(ENTRY, at + 1)) {
    if (at + NAME_AT > tail.byteLength) break;
    const length = bytes.getUint16(at + NAME_LENGTH_AT, true);
    if (checkpointFile.test(text.slice(at + NAME_AT, at + NAME_AT + length))) return true;
  }
  return false;
}
