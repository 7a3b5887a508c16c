import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkpointName, chooseFolder, parentOf, twoOf, type PlacedFile } from "./checkpoint-folder.ts";
import { parseJson, readText } from "./json.ts";
import type { Safetensors } from "./safetensors.ts";
import { openWeights } from "./weight-files.ts";
import { openZip, refuseManyBombs } from "./zip-in.ts";

/** The files of a checkpoint, found and opened; weights are read later, tensor by tensor. */
export interface ModelFiles {
  /** Name of the zip or of the folder in it, else "model". */
  name: string;
  /** config.json, parsed. */
  config: unknown;
  weights: Safetensors;
  tokenizerJson: string;
  tokenizerConfigJson: string | null;
  /** Text of the recipe.json that a run of Tabtune wrote beside the weights, or null. */
  recipeJson: string | null;
  /** Other tokenizer files, such as vocab.txt, which are exported again. */
  extra: ByteSource[];
  /** Notes on which of several checkpoints was chosen, in sentences; often empty. */
  notes: string[];
}

const EXTRA_NAMES = ["vocab.txt", "special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"];

/**
 * Finds the parts of one checkpoint among loose files, a folder's files, or the files of one zip. Names may have
 * folders; then `chooseFolder` chooses the checkpoint's.
 * Throws a `Problem` for a missing or unreadable part and for two checkpoints at once.
 *
 * @param classes classes that transformers has, for the remedy that converts weights of another format
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

/** The files beside the weights, or those of the folder around them, where a Trainer may have saved the only tokenizer. */
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
  // Methods of a source may need `this`, so the renamed source calls the original.
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

/**
 * The `Problem` of a checkpoint without tokenizer.json. Where there is a vocab.txt, the remedy converts it with the
 * right casing, since transformers lower-cases by default.
 *
 * @param configs parsed files that may have `do_lower_case`, in the order of precedence
 */
async function noTokenizer(vocabulary: ByteSource | null, configs: readonly unknown[]): Promise<Problem> {
  if (vocabulary === null) {
    return new Problem({
      found: "There is no tokenizer.json among the files of the model.",
      expected: "A tokenizer.json was expected, for it says how text becomes tokens.",
      remedy:
        "Make one in Python with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), or download it from the model's page.",
    });
  }
  const text = await readText(vocabulary);
  const stated = configs.map(statedCasing).find((lowers) => lowers !== null);
  const lowers = stated ?? !hasCapitals(text);
  const reason =
    stated === undefined
      ? `its tokens have ${lowers ? "no" : ""} capitals`.replace("  ", " ")
      : `do_lower_case is ${stated} in its configuration`;
  return new Problem({
    found: `There is a vocab.txt but no tokenizer.json. The vocabulary is ${lowers ? "uncased" : "cased"}: ${reason}.`,
    expected: "A tokenizer.json was expected: vocab.txt alone does not say how text is cut into words.",
    remedy: `Make one in Python with AutoTokenizer.from_pretrained(FOLDER, do_lower_case=${lowers ? "True" : "False"}).save_pretrained(FOLDER), or download it from the model's page.`,
  });
}

function statedCasing(config: unknown): boolean | null {
  const isObject = typeof config === "object" && config !== null;
  return isObject && "do_lower_case" in config && typeof config.do_lower_case === "boolean"
    ? config.do_lower_case
    : null;
}

/**
 * Whether tokens have capitals. Special tokens in brackets do not count, nor do a few exceptions: some
 * uncased vocabularies had tokens added by hand.
 */
function hasCapitals(vocabulary: string): boolean {
  const tokens = vocabulary.split(/\r?\n/).filter((token) => token !== "" && !/^[[<].*[\]>]$/.test(token));
  const withCase = tokens.filter((token) => token.toLowerCase() !== token.toUpperCase());
  const capitals = withCase.filter((token) => token !== token.toLowerCase());
  return capitals.length > withCase.length / 100;
}
