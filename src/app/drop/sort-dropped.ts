import { fileAt } from "./read-drop.ts";

/** What a drop is taken for. */
export interface SortedDrop {
  /** Tables, in the order dropped: the first is for training. */
  tables: File[];
  /** All files of a checkpoint: loose, a folder's, or one zip. */
  checkpoint: File[];
  recipe: File | null;
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

const checkpointEndings = [".safetensors", ".zip", ".bin", ".pt", ".pth", ".onnx", ".gguf", ".h5", ".ckpt", ".msgpack"];

/**
 * Tells tables, a checkpoint and a recipe apart by name alone. A folder that Tabtune wrote holds all three
 * (`predictions.csv`, `recipe.json`): beside a checkpoint these are parts of it.
 */
export function sortDropped(files: readonly File[]): SortedDrop {
  const names = files.map((file) => (file.name.split("/").at(-1) ?? "").toLowerCase());
  const isModel = (name: string) => checkpointNames.has(name) || checkpointEndings.some((end) => name.endsWith(end));
  const hasModel = names.some(isModel);
  const sorted: SortedDrop = { tables: [], checkpoint: [], recipe: null, unknown: [] };
  files.forEach((file, i) => {
    const name = names[i] ?? "";
    const table = /\.(csv|tsv|tab)$/.test(name) || (name.endsWith(".txt") && !hasModel);
    if (isModel(name)) sorted.checkpoint.push(file);
    else if (table && !(hasModel && name === "predictions.csv"))
      sorted.tables.push(fileAt(file.name.split("/").at(-1) ?? file.name, file));
    else if (hasModel) sorted.checkpoint.push(file);
    else if (name.endsWith(".json")) sorted.recipe = file;
    else if (!name.startsWith(".")) sorted.unknown.push(file.name);
  });
  return sorted;
}

/** Of two tables, the one whose name says that it is for validation comes second; any other order stays. */
export function trainFirst(tables: readonly File[]): File[] {
  const held = (file: File) => /(^|[^a-z])(valid|validation|val|dev|test|eval)([^a-z]|$)/i.test(file.name);
  return [...tables].sort((a, b) => Number(held(a)) - Number(held(b)));
}
