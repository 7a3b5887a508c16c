import { isObject, parseObject, type JsonObject } from "../io/json-object.ts";
import { Problem } from "../problem/problem.ts";
import { learnFrame } from "./frame.ts";
import type { TokenizerFiles } from "./tokenizer.ts";
import { vocabularyIds } from "./vocabulary-ids.ts";

/** What a special token is for; named as tokenizer_config.json names them, with `_token` behind. */
type Role = "cls" | "sep" | "unk" | "pad" | "mask";

/** Spellings of tokens that no other part of tokenizer.json points out. */
const spellings = { unk: ["[UNK]", "<unk>"], pad: ["[PAD]", "<pad>", "<|padding|>"], mask: ["[MASK]", "<mask>"] };

/**
 * The special tokens of a tokenizer by role: those that tokenizer_config.json names, else those of the row's frame (the
 * first and the last token of a row), of the model (the unknown token), and added tokens of the usual spellings.
 *
 * @param json tokenizer.json
 * @param config tokenizer_config.json
 * @param ids ids by token, added tokens included
 */
export function specialTokens(
  json: JsonObject,
  config: JsonObject,
  ids: ReadonlyMap<string, number>,
): Partial<Record<Role, string>> {
  const { slots } = learnFrame(json, ids, false);
  const tokenOf = (id: number | undefined) => [...ids].find(([, one]) => one === id)?.[0];
  const at = slots.findIndex((slot) => "text" in slot);
  const [before, after] = [slots[at - 1], slots.at(-1)];
  const added = addedSpecials(json);
  // MPNet's vocabulary has BERT's [MASK] and [PAD] too, as words like others.
  const spelled = (role: keyof typeof spellings) =>
    spellings[role].find((token) => added.has(token)) ?? spellings[role].find((token) => ids.has(token));
  const found = {
    cls: before && "special" in before ? tokenOf(before.special) : undefined,
    sep: after && "special" in after ? tokenOf(after.special) : undefined,
    unk: unknownOf(json.model, tokenOf) ?? spelled("unk"),
    pad: spelled("pad"),
    mask: spelled("mask"),
  };
  const named = (Object.keys(found) as Role[]).map((role) => [role, stated(config[`${role}_token`]) ?? found[role]]);
  return Object.fromEntries(named.filter(([, token]) => token !== undefined)) as Partial<Record<Role, string>>;
}

function addedSpecials(json: JsonObject): Set<unknown> {
  const added = (Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : []).filter(isObject);
  return new Set(added.filter(({ special }) => special === true).map(({ content }) => content));
}

/** A token that tokenizer_config.json names as a text or as an added token. */
function stated(token: unknown): string | undefined {
  const content = isObject(token) ? token.content : token;
  return typeof content === "string" ? content : undefined;
}

function unknownOf(model: unknown, tokenOf: (id: number) => string | undefined): string | undefined {
  if (!isObject(model)) return undefined;
  if (typeof model.unk_token === "string" && model.unk_token !== "") return model.unk_token;
  return typeof model.unk_id === "number" ? tokenOf(model.unk_id) : undefined;
}

/**
 * The id of the token that stands for no text: padding, or the mask or the unknown token where a vocabulary has none.
 *
 * @throws Problem where it has none of the three
 */
export function baselineToken({ tokenizerJson, tokenizerConfigJson }: TokenizerFiles): number {
  const json = parseObject(tokenizerJson, "tokenizer.json");
  const ids = vocabularyIds(json);
  const { pad, mask, unk } = specialTokens(json, parseObject(tokenizerConfigJson, "tokenizer_config.json"), ids);
  const id = [pad, mask, unk].map((token) => (token === undefined ? undefined : ids.get(token))).find(isNumber);
  if (id !== undefined) return id;
  throw new Problem({
    found: "The tokenizer has neither a padding token nor a mask nor an unknown token.",
    expected: "One of them was expected to stand for a text without content.",
    remedy: "Explain the prediction by leaving words out.",
  });
}

const isNumber = (id: number | undefined) => id !== undefined;

/** The token that stands for a masked word. Throws a Problem where there is none. */
export function maskToken({ tokenizerJson, tokenizerConfigJson }: TokenizerFiles): string {
  const json = parseObject(tokenizerJson, "tokenizer.json");
  const ids = vocabularyIds(json);
  const { mask } = specialTokens(json, parseObject(tokenizerConfigJson, "tokenizer_config.json"), ids);
  if (mask !== undefined && ids.has(mask)) return mask;
  throw new Problem({
    found: "The tokenizer has no mask token.",
    expected: "The recipe masks words in copies of the training rows (augmentMask).",
    remedy: "Set augmentMask to 0, or augment in another way.",
  });
}

/** The id of the token that stands for what is not in the vocabulary; null where there is none. */
export function unknownToken({ tokenizerJson, tokenizerConfigJson }: TokenizerFiles): number | null {
  const json = parseObject(tokenizerJson, "tokenizer.json");
  const ids = vocabularyIds(json);
  const { unk } = specialTokens(json, parseObject(tokenizerConfigJson, "tokenizer_config.json"), ids);
  return unk === undefined ? null : (ids.get(unk) ?? null);
}
