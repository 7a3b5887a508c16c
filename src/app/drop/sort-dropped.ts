import { fields } from "../../recipe/fields.ts";
import { fileAt } from "./read-drop.ts";

/** What a drop is taken for. */
interface SortedDrop {
  /** Tables, in the order dropped: the first is for training. */
  tables: File[];
  /** All files of a checkpoint, loose or of a folder. */
  checkpoint: File[];
  /** Zips: a checkpoint or a table, which their names do not tell. */
  zips: File[];
  recipes: File[];
  /** JSON files that are tables or recipes, which their names do not tell. */
  json: File[];
  /** Names of files that nothing here reads. */
  unknown: string[];
}

const checkpointNames = new Set([
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.txt",
  "merges.txt",
  "model.safetensors.index.json",
]);

/** What a run writes beside its model. */
const runFiles = new Set(["predictions.csv", "errors.csv", "metrics.jsonl", "metrics.csv"]);

/** The last few are no tables that can be read; the reader says so in its own words. */
const tableEndings =
  /[.](csv|tsv|tab|psv|jsonl|ndjson|parquet|xlsx|conll|ft)([.]gz)?$|[.](txt|json)[.]gz$|[.](labels?|texts?|lbl|lab|cat|tok|data|dat)$|[.](xls|ods|arrow|feather|html?|pdf)$/;

const checkpointEndings = [".safetensors", ".bin", ".pt", ".pth", ".onnx", ".gguf", ".h5", ".ckpt", ".msgpack"];

/**
 * Tells tables, a checkpoint and a recipe apart by name alone. A folder that Tabtune wrote holds all three
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

/** Files of lines that have no ending, or one of their own: `labels`, `seq.in`. */
function isLines(name: string): boolean {
  return /(^|[^a-z])(texts?|labels?|seq)([^a-z]|$)/.test(name) && /^[^.]*([.](in|out))?$/.test(name);
}

/** Whether the text of a JSON file begins as a recipe does: an object with a field of recipes before all else. */
export function isRecipe(beginning: string): boolean {
  const key = /^\s*[{]\s*"(\w+)"/.exec(beginning)?.[1];
  return key === "version" || (key !== undefined && Object.hasOwn(fields, key));
}
