import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { parseJson, readText } from "./json.ts";
import type { Safetensors } from "./safetensors.ts";
import { openWeights } from "./weight-files.ts";
import { openZip } from "./zip-in.ts";

/** The files of a checkpoint, found and opened; weights are read later, tensor by tensor. */
export interface ModelFiles {
  /** Of the zip or of the folder in it, else "model". */
  name: string;
  /** config.json, parsed. */
  config: unknown;
  weights: Safetensors;
  tokenizerJson: string;
  tokenizerConfigJson: string | null;
  /** Further tokenizer files that came along, to be exported again: vocab.txt and the like. */
  extra: ByteSource[];
}

const EXTRA_NAMES = ["vocab.txt", "special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"];

interface Found {
  folder: string;
  /** Name without folders. */
  base: string;
  source: ByteSource;
}

/**
 * Finds the parts of one checkpoint among loose files, a folder's files, or the files of one zip. Names may carry
 * folders; then the checkpoint is taken from the outermost folder that has a model's config.json.
 * Throws a `Problem` for a missing or unreadable part and for two checkpoints at once.
 */
export async function collectModelFiles(sources: readonly ByteSource[]): Promise<ModelFiles> {
  const only = sources.length === 1 ? sources[0] : undefined;
  const zip = only !== undefined && /\.zip$/i.test(only.name) ? only : null;
  const found = (zip === null ? [...sources] : await openZip(zip)).map(locate).filter(isNoJunk);
  const { config, folder } = await findConfig(found);
  const files = found.filter((file) => file.folder === folder);

  const tokenizerJson = await readText(oneNamed(files, "tokenizer.json") ?? noTokenizer(files));
  parseJson("tokenizer.json", tokenizerJson);
  const tokenizerConfig = oneNamed(files, "tokenizer_config.json");
  const tokenizerConfigJson = tokenizerConfig === null ? null : await readText(tokenizerConfig);
  if (tokenizerConfigJson !== null) parseJson("tokenizer_config.json", tokenizerConfigJson);
  return {
    name: folder.slice(folder.lastIndexOf("/") + 1) || zip?.name.replace(/\.zip$/i, "") || "model",
    config,
    weights: await openWeights(files.map(({ source }) => source)),
    tokenizerJson,
    tokenizerConfigJson,
    extra: EXTRA_NAMES.map((name) => oneNamed(files, name)).filter((source) => source !== null),
  };
}

function locate(source: ByteSource): Found {
  const slash = source.name.lastIndexOf("/");
  const base = source.name.slice(slash + 1);
  // Methods of a source may need the source they came from, so the renamed one calls it.
  const renamed = { name: base, size: source.size, slice: (from: number, to: number) => source.slice(from, to) };
  return { folder: slash < 0 ? "" : source.name.slice(0, slash), base, source: renamed };
}

/** Leaves out what macOS adds to zips. */
function isNoJunk(file: Found): boolean {
  return !`${file.folder}/`.includes("__MACOSX/") && !file.base.startsWith("._") && file.base !== ".DS_Store";
}

/** The config.json of the model; those of other parts (a pooling layer's, say) have neither of the two fields. */
async function findConfig(found: Found[]): Promise<{ config: unknown; folder: string }> {
  const candidates = found.filter((file) => file.base === "config.json");
  const parsed = [];
  for (const { folder, source } of candidates) {
    parsed.push({ folder, config: parseJson("config.json", await readText(source)) });
  }
  const ofModels = parsed.filter(({ config }) => isModelConfig(config));
  const depth = (folder: string) => (folder === "" ? 0 : folder.split("/").length);
  const outermost = Math.min(...ofModels.map(({ folder }) => depth(folder)));
  const [first, second] = ofModels.filter(({ folder }) => depth(folder) === outermost);
  if (first === undefined) throw noConfig(found, parsed.length > 0);
  if (second !== undefined) throw twoOf("config.json", [first.folder, second.folder]);
  return first;
}

function isModelConfig(config: unknown): boolean {
  return typeof config === "object" && config !== null && ("model_type" in config || "hidden_size" in config);
}

/** The file of that name, or null; throws a `Problem` when there are two. */
function oneNamed(files: readonly Found[], name: string): ByteSource | null {
  const [first, second] = files.filter((file) => file.base === name);
  if (first !== undefined && second !== undefined) throw twoOf(name, [first.folder, second.folder]);
  return first?.source ?? null;
}

function twoOf(name: string, folders: string[]): Problem {
  const places = folders.every((folder) => folder !== "") ? ` (in ${folders.join(" and ")})` : "";
  return new Problem({
    found: `There are two files named ${name}${places}.`,
    expected: "The files of one model were expected.",
    remedy: "Drop one model at a time.",
  });
}

function noConfig(found: Found[], hasOther: boolean): Problem {
  const names = found.map((file) => file.base);
  return new Problem({
    found: hasOther
      ? "The config.json that came along does not describe a model."
      : `There is no config.json${names.length === 0 ? "" : ` among ${list(names)}`}.`,
    expected: "A BERT checkpoint was expected: config.json, model.safetensors and tokenizer.json.",
    remedy: "Drop the whole folder of the model, or add its config.json from where you downloaded it.",
  });
}

function noTokenizer(files: Found[]): never {
  const hasVocabulary = files.some((file) => file.base === "vocab.txt");
  throw new Problem({
    found: hasVocabulary
      ? "There is a vocab.txt but no tokenizer.json."
      : "There is no tokenizer.json among the files of the model.",
    expected: hasVocabulary
      ? "A tokenizer.json was expected: vocab.txt alone does not say how text is cut into words."
      : "A tokenizer.json was expected, for it says how text becomes tokens.",
    remedy:
      "Make one in Python with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), or download it from the model's page.",
  });
}

function list(names: string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more files` : shown;
}
