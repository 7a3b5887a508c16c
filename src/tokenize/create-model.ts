import { isObject, type JsonObject } from "../io/json-object.ts";
import { BytePairs } from "./byte-pairs.ts";
import { Unigram } from "./unigram.ts";
import { unusable } from "./unusable.ts";
import type { VocabularyModel } from "./vocabulary-model.ts";
import { WordPieces } from "./word-pieces.ts";

const knownModels = ["WordPiece", "BPE", "Unigram"];

/**
 * The model of a tokenizer.json.
 *
 * @throws Problem for another kind of model, and where tokens or their ids are not what they must be
 */
export function createModel(json: JsonObject): VocabularyModel {
  const model = isObject(json.model) ? json.model : {};
  const kind = kindOf(model);
  if (kind === "Unigram") return new Unigram(model);
  const ids = idsOf(model.vocab);
  const made =
    kind === "BPE" ? new BytePairs(model, ids) : WordPieces.of({ continuing_subword_prefix: "##", ...model }, ids);
  if (made === null) throw unusable("Its vocabulary has no token for unknown words");
  return made;
}

/** Files of older versions do not state the type: scores make a Unigram model, merges make BPE. */
function kindOf(model: JsonObject): string {
  const { type } = model;
  if (typeof type !== "string") return Array.isArray(model.vocab) ? "Unigram" : "merges" in model ? "BPE" : "WordPiece";
  if (knownModels.includes(type)) return type;
  throw unusable(`Its model is of the type ${type}, which is not one of ${knownModels.join(", ")}`);
}

function idsOf(vocab: unknown): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [token, id] of Object.entries(isObject(vocab) ? vocab : {})) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0)
      throw unusable(`Its token ${JSON.stringify(token)} has the id ${JSON.stringify(id)}`);
    ids.set(token, id);
  }
  return ids;
}
