import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { parseJson, readText } from "./json.ts";
import { isWeightFile } from "./weight-files.ts";

/** A config.json that names 100,000 classes has about 8 MB. */
const LARGEST_CONFIG = 16 * 2 ** 20;

/** A file of a drop, a folder or a zip, with its folder apart from its name. */
export interface PlacedFile {
  /** Path of its folder, "" for none. */
  folder: string;
  /** Name without folders. */
  base: string;
  source: ByteSource;
}

interface ChosenFolder {
  folder: string;
  /** config.json of the folder, parsed. */
  config: unknown;
  /** Notes for the user on the choice, in sentences. */
  notes: string[];
}

/**
 * Chooses the checkpoint among the files: the outermost folder with a model's config.json and weights. Among several
 * `checkpoint-N` of a Trainer it takes the highest number, among several snapshots of a Hugging Face cache the one that
 * `refs/main` names. Throws a `Problem` where there is none, or no reason to prefer one of several.
 */
export async function chooseFolder(found: readonly PlacedFile[]): Promise<ChosenFolder> {
  const parsed: { folder: string; config: unknown }[] = [];
  for (const { folder, source } of found.filter((file) => file.base === "config.json")) {
    parsed.push({ folder, config: parseJson("config.json", await readText(source, LARGEST_CONFIG)) });
  }
  const ofModels = parsed.filter(({ config }) => isModelConfig(config));
  const withWeights = ofModels.filter((one) =>
    found.some((file) => file.folder === one.folder && isWeightFile(file.base)),
  );
  const pool = withWeights.length > 0 ? withWeights : ofModels;
  const depth = (folder: string) => (folder === "" ? 0 : folder.split("/").length);
  const outermost = Math.min(...pool.map(({ folder }) => depth(folder)));
  const candidates = pool.filter(({ folder }) => depth(folder) === outermost);
  const [first, second] = candidates;
  if (first === undefined) throw noConfig(found, parsed.length > 0);
  const chosen = newest(candidates) ?? (await namedSnapshot(candidates, found));
  if (chosen !== null) return chosen;
  if (second !== undefined) throw twoOf("config.json", [first.folder, second.folder]);
  return { ...first, notes: [] };
}

/** The checkpoint after the most steps among those that a Trainer left beside each other; null for other folders. */
function newest(candidates: readonly { folder: string; config: unknown }[]): ChosenFolder | null {
  const steps = ({ folder }: { folder: string }) => Number(/(?:^|\/)checkpoint-(\d+)$/.exec(folder)?.[1] ?? NaN);
  const parents = new Set(candidates.map(({ folder }) => parentOf(folder)));
  if (parents.size > 1 || candidates.some((one) => Number.isNaN(steps(one)))) return null;
  const [last] = [...candidates].sort((a, b) => steps(b) - steps(a));
  if (last === undefined) return null;
  const isAlone = candidates.length === 1;
  // No note is needed where the user gave the checkpoint's folder itself.
  if (isAlone && !last.folder.includes("/")) return { ...last, notes: [] };
  const others = isAlone ? "" : `, the newest of ${candidates.length} checkpoints`;
  return { ...last, notes: [`Read from ${lastPart(last.folder)}${others}.`] };
}

/** The snapshot of a Hugging Face cache that `refs/main` names; null for other folders and where nothing names one. */
async function namedSnapshot(
  candidates: readonly { folder: string; config: unknown }[],
  found: readonly PlacedFile[],
): Promise<ChosenFolder | null> {
  const [first] = candidates;
  const root = first === undefined ? null : /^(.*?)\/?snapshots\/[^/]+$/.exec(first.folder)?.[1];
  if (first === undefined || root === null || root === undefined) return null;
  if (candidates.length === 1) return { ...first, notes: [] };
  const refs = root === "" ? "refs" : `${root}/refs`;
  const reference = found.find((file) => file.folder === refs && file.base === "main");
  const commit = reference && (await readText(reference.source)).trim();
  const named = candidates.find(({ folder }) => lastPart(folder) === commit);
  if (named === undefined) {
    throw new Problem({
      found: `The cache holds ${candidates.length} snapshots: ${candidates.map(({ folder }) => lastPart(folder)).join(", ")}.`,
      expected: "One snapshot, or a refs/main that names one, was expected.",
      remedy: "Choose the folder of one snapshot.",
    });
  }
  return { ...named, notes: [`Read from snapshot ${lastPart(named.folder)}, which refs/main names.`] };
}

function isModelConfig(config: unknown): boolean {
  return typeof config === "object" && config !== null && ("model_type" in config || "hidden_size" in config);
}

/** The name of a checkpoint in this folder: the folder's, or in a Hugging Face cache that of the repository. */
export function checkpointName(folder: string): string {
  const repository = /(?:^|\/)models--(?:[^/]*--)?([^/]+)\/snapshots\/[^/]+$/.exec(folder)?.[1];
  return repository ?? lastPart(folder);
}

/** The folder around a folder, "" for none. */
export function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf("/")));
}

const lastPart = (folder: string) => folder.slice(folder.lastIndexOf("/") + 1);

export function twoOf(name: string, folders: string[]): Problem {
  const places = folders.every((folder) => folder !== "") ? ` (in ${folders.join(" and ")})` : "";
  return new Problem({
    found: `There are two files named ${name}${places}.`,
    remedy: "Drop one model at a time.",
  });
}

function noConfig(found: readonly PlacedFile[], hasOther: boolean): Problem {
  const names = found.map((file) => file.base);
  return new Problem({
    found: hasOther
      ? "The config.json that came along does not describe a model."
      : `There is no config.json${names.length === 0 ? "" : ` among ${list(names)}`}.`,
    expected: "A checkpoint was expected: config.json, model.safetensors and tokenizer.json.",
    remedy: "Drop the whole folder of the model, or add its config.json from where you downloaded it.",
  });
}

function list(names: string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more files` : shown;
}
