import { parentOf, type PlacedFile } from "./checkpoint-folder.ts";
import { isObject } from "./json-object.ts";
import { parseJson, readText } from "./json.ts";

/** What the files that sentence-transformers adds to a checkpoint say of it. */
export interface SentenceModules {
  /** Ways of pooling whose results are joined, as the files name them, e.g. "mean_tokens"; none where nothing says it. */
  poolings: string[];
  /** Most tokens of a text, special tokens included; null where nothing says it. */
  maxLength: number | null;
  /** Other modules behind the pooling, e.g. "Normalize" and "Dense". */
  others: string[];
}

/** The names of the folder of pooling where no modules.json names it. */
const USUAL_POOLING = "1_Pooling";

/**
 * Reads what a sentence-transformers folder says beside its checkpoint: modules.json, the configuration of pooling and
 * sentence_bert_config.json, beside the weights or, in older folders, in the folder around them. Null where there are none.
 *
 * @param folder of the checkpoint
 * @throws Problem where one of them is not JSON
 */
export async function sentenceModules(found: readonly PlacedFile[], folder: string): Promise<SentenceModules | null> {
  const json = async (at: string, base: string): Promise<unknown> => {
    const file = found.find((one) => one.folder === at && one.base === base);
    return file ? parseJson(base, await readText(file.source)) : null;
  };
  const below = (at: string, path: string) => (at === "" ? path : `${at}/${path}`);
  for (const root of new Set([folder, parentOf(folder)])) {
    const listed = modulesOf(await json(root, "modules.json"));
    const path = listed.find(({ kind }) => kind === "Pooling")?.path ?? USUAL_POOLING;
    const pooling = await json(below(root, path), "config.json");
    if (listed.length === 0 && pooling === null) continue;
    return {
      poolings: poolingsOf(pooling),
      maxLength: lengthOf(await json(folder, "sentence_bert_config.json")),
      others: listed.map(({ kind }) => kind).filter((kind) => kind !== "Transformer" && kind !== "Pooling"),
    };
  }
  return null;
}

/** The modules of modules.json, by the last part of their class. */
function modulesOf(json: unknown): { kind: string; path: string }[] {
  return (Array.isArray(json) ? (json as unknown[]) : []).flatMap((one) => {
    if (!isObject(one) || typeof one.type !== "string" || typeof one.path !== "string") return [];
    return [{ kind: one.type.split(".").at(-1) ?? "", path: one.path }];
  });
}

/** `pooling_mode_cls_token: true` and so on; newer files may have `pooling_mode: "cls"`, or a list. */
function poolingsOf(config: unknown): string[] {
  if (!isObject(config)) return [];
  const { pooling_mode: mode } = config;
  const stated = (Array.isArray(mode) ? (mode as unknown[]) : [mode]).filter((one) => typeof one === "string");
  if (stated.length > 0) return stated;
  return Object.entries(config).flatMap(([key, value]) => {
    const name = /^pooling_mode_(.+)$/.exec(key)?.[1];
    return name !== undefined && value === true ? [name] : [];
  });
}

function lengthOf(config: unknown): number | null {
  const length = isObject(config) ? config.max_seq_length : null;
  return typeof length === "number" && Number.isInteger(length) && length > 0 ? length : null;
}
