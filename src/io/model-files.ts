import { Problem } from "../problem/problem.ts";
import { refuseLfsPointer, type ByteSource } from "./byte-source.ts";
import { checkpointName, chooseFolder, parentOf, twoOf, type PlacedFile } from "./checkpoint-folder.ts";
import { parseJson, readText } from "./json.ts";
import type { Safetensors } from "./safetensors.ts";
import { sentenceModules, type SentenceModules } from "./sentence-transformers.ts";
import { openWeights } from "./weight-files.ts";
import { openZip, refuseManyBombs } from "./zip-in.ts";

/** The files of a checkpoint, found and opened; weights are read later, tensor by tensor. */
export interface ModelFiles {
  /** Name of the zip or of the folder in it, else "model". */
  name: string;
  /** config.json, parsed. */
  config: unknown;
  weights: Safetensors;
  /** Null where there is none; then there are vocabulary files. */
  tokenizerJson: string | null;
  tokenizerConfigJson: string | null;
  /** Text of the recipe.json that a run of Tabtune wrote beside the weights, or null. */
  recipeJson: string | null;
  /** Other tokenizer files, such as vocab.txt, which are exported again. */
  extra: ByteSource[];
  /** What a tokenizer can be built from: vocab.txt, vocab.json, merges.txt, SentencePiece models and files beside them. */
  vocabulary: ByteSource[];
  /** What sentence-transformers says of the checkpoint, where it wrote it. */
  sentence: SentenceModules | null;
  /** Notes on which of several checkpoints was chosen, in sentences; often empty. */
  notes: string[];
}

const EXTRA_NAMES = ["vocab.txt", "special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"];

/** Names that SentencePiece models have on the Hub. */
const sentencePieceNames = ["spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model"];
const vocabularyNames = ["vocab.txt", "vocab.json", ...sentencePieceNames];

/**
 * Finds the parts of one checkpoint among loose files, a folder's files, or the files of one zip. Names may have
 * folders; then `chooseFolder` chooses the checkpoint's.
 * Throws a `Problem` for a missing or unreadable part and for two checkpoints at once.
 *
 * @param classes classes that transformers has, for the remedy that converts weights of another format
 * @param checkConfig throws for a config.json of no use, before other files are asked for
 */
export async function collectModelFiles(
  sources: readonly ByteSource[],
  classes: readonly string[] = [],
  checkConfig: (config: unknown) => void = () => undefined,
): Promise<ModelFiles> {
  const only = sources.length === 1 ? sources[0] : undefined;
  const zip = only !== undefined && /\.zip$/i.test(only.name) ? only : null;
  const unpacked = zip === null ? sources : await openZip(zip);
  if (zip !== null) refuseManyBombs(zip, unpacked);
  const found = unpacked.map(locate).filter(isNoJunk);
  const { config, folder, notes } = await chooseFolder(found);
  checkConfig(config);
  const files = found.filter((file) => file.folder === folder);

  const ofTokenizer = tokenizerFiles(found, folder);
  const tokenizerSource = oneNamed(ofTokenizer, "tokenizer.json");
  const tokenizerConfig = oneNamed(ofTokenizer, "tokenizer_config.json");
  const tokenizerConfigJson = tokenizerConfig === null ? null : await readText(tokenizerConfig);
  if (tokenizerConfigJson !== null) parseJson("tokenizer_config.json", tokenizerConfigJson);
  const named = (names: readonly string[]) =>
    names.map((name) => oneNamed(ofTokenizer, name)).filter((source) => source !== null);
  const tokenizerJson = tokenizerSource === null ? null : await readText(tokenizerSource);
  if (tokenizerJson !== null) parseJson("tokenizer.json", tokenizerJson);
  else if (named(vocabularyNames).length === 0) throw noTokenizer();
  else for (const source of named(vocabularyNames)) await refuseLfsPointer(source);
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
    extra: named(EXTRA_NAMES),
    sentence: await sentenceModules(found, folder),
    vocabulary: named([...EXTRA_NAMES, ...sentencePieceNames]),
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

function noTokenizer(): Problem {
  return new Problem({
    found: "There is no tokenizer.json among the files of the model, and no vocabulary to build one from.",
    expected: `A tokenizer.json was expected, for it says how text becomes tokens; or ${vocabularyNames.join(", ")}.`,
    remedy:
      "Make one in Python with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), or download it from the model's page.",
  });
}
