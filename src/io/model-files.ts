import type { ByteSource } from "./byte-source.ts";
import { checkpointName, chooseFolder, parentOf, twoOf, type PlacedFile } from "./checkpoint-folder.ts";
import { parseJson, readText } from "./json.ts";
import { noTokenizer } from "./no-tokenizer.ts";
import type { Safetensors } from "./safetensors.ts";
import { openWeights } from "./weight-files.ts";
import { openZip, refuseManyBombs } from "./zip-in.ts";

/** The files of a checkpoint, found and opened; weights are read later, tensor by tensor. */
export interface ModelFiles {
  /** Of the zip or of the folder in it, else "model". */
  name: string;
  /** config.json, parsed. */
  config: unknown;
  weights: Safetensors;
  tokenizerJson: string;
  tokenizerConfigJson: string | null;
  /** Text of the recipe.json that a run of ours wrote beside the weights, or null. */
  recipeJson: string | null;
  /** Further tokenizer files that came along, to be exported again: vocab.txt and the like. */
  extra: ByteSource[];
  /** Which of several checkpoints was taken, in sentences; often empty. */
  notes: string[];
}

const EXTRA_NAMES = ["vocab.txt", "special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"];

/**
 * Finds the parts of one checkpoint among loose files, a folder's files, or the files of one zip. Names may carry
 * folders; then `chooseFolder` says which of them is the checkpoint.
 * Throws a `Problem` for a missing or unreadable part and for two checkpoints at once.
 *
 * @param classes classes that transformers has, to say how weights of another format are converted
 */
export async function collectModelFiles(
  sources: readonly ByteSource[],
  classes: readonly string[] = [],
): Promise<ModelFiles> {
  const only = sources.length === 1 ? sources[0] : undefined;
  const zip = only !== undefined && /\.zip$/i.test(only.name) ? only : null;
  const unpacked = zip === null ? sources : await openZip(zip);
  if (zip !== null) refuseManyBombs(zip, unpacked);
  const found = unpacked.map(locate).filter(isNoJunk);
  const { config, folder, notes } = await chooseFolder(found);
  const files = found.filter((file) => file.folder === folder);

  const ofTokenizer = tokenizerFiles(found, folder);
  const tokenizerSource = oneNamed(ofTokenizer, "tokenizer.json");
  const tokenizerConfig = oneNamed(ofTokenizer, "tokenizer_config.json");
  const tokenizerConfigJson = tokenizerConfig === null ? null : await readText(tokenizerConfig);
  const parsedConfig = tokenizerConfigJson === null ? null : parseJson("tokenizer_config.json", tokenizerConfigJson);
  if (tokenizerSource === null) throw await noTokenizer(oneNamed(files, "vocab.txt"), [parsedConfig, config]);
  const tokenizerJson = await readText(tokenizerSource);
  parseJson("tokenizer.json", tokenizerJson);
  const recipe = oneNamed(files, "recipe.json");
  return {
    name: checkpointName(folder) || zip?.name.replace(/\.zip$/i, "") || "model",
    config,
    weights: await openWeights(
      files.map(({ source }) => source),
      config,
      classes,
    ),
    tokenizerJson,
    tokenizerConfigJson,
    recipeJson: recipe === null ? null : await readText(recipe),
    extra: EXTRA_NAMES.map((name) => oneNamed(ofTokenizer, name)).filter((source) => source !== null),
    notes,
  };
}

/** The files beside the weights, or those of a folder around them: a Trainer may keep its tokenizer there alone. */
function tokenizerFiles(found: readonly PlacedFile[], folder: string): PlacedFile[] {
  for (let at = folder; ; at = parentOf(at)) {
    const files = found.filter((file) => file.folder === at);
    if (files.some(({ base }) => base === "tokenizer.json")) return files;
    if (at === "") return found.filter((file) => file.folder === folder);
  }
}

function locate(source: ByteSource): PlacedFile {
  const slash = source.name.lastIndexOf("/");
  const base = source.name.slice(slash + 1);
  // Methods of a source may need the source they came from, so the renamed one calls it.
  const renamed = { name: base, size: source.size, slice: (from: number, to: number) => source.slice(from, to) };
  return { folder: slash < 0 ? "" : source.name.slice(0, slash), base, source: renamed };
}

/** Leaves out what macOS adds to zips. */
function isNoJunk(file: PlacedFile): boolean {
  return !`${file.folder}/`.includes("__MACOSX/") && !file.base.startsWith("._") && file.base !== ".DS_Store";
}

/** The file of that name, or null; throws a `Problem` when there are two. */
function oneNamed(files: readonly PlacedFile[], name: string): ByteSource | null {
  const [first, second] = files.filter((file) => file.base === name);
  if (first !== undefined && second !== undefined) throw twoOf(name, [first.folder, second.folder]);
  return first?.source ?? null;
}
