import { isObject, type JsonObject } from "../io/json-object.ts";
import { learnFrame } from "./frame.ts";

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
