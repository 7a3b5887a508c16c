import { Int32List } from "../io/int32-list.ts";
import type { JsonObject } from "../io/json-object.ts";
import { AddedTokens } from "./added-tokens.ts";
import { createModel } from "./create-model.ts";
import { createNormalizer } from "./normalizer.ts";
import { createPreTokenizer } from "./pre-tokenizer.ts";
import { spanEncoder } from "./spans/span-encoder.ts";
import { withAdded } from "./vocabulary-ids.ts";
import { RememberedPieces } from "./vocabulary-model.ts";
import { WordCache } from "./word-cache.ts";

/** The way from a text to token ids, without special tokens around it. */
interface TextEncoder {
  /** Ids by token, added tokens included. */
  ids: ReadonlyMap<string, number>;
  /** Adds the ids of a text to a list. */
  append: (text: string, into: Int32List) => void;
  /** The same, and adds the start and the end of each token in the text to another list, in code points. */
  appendWithSpans: (text: string, into: Int32List, spans: Int32List) => void;
}

/**
 * The steps of a tokenizer.json, as the Rust library takes them: texts are cut at added tokens and normalized, then cut
 * into pieces by the pre-tokenizer, each of which the model spells in tokens.
 *
 * @param config tokenizer_config.json
 * @param remembers whether the ids of pieces, and of whole words where no step looks beyond one, are kept
 * @throws Problem, or another error where a part is of an unknown kind
 */
export function textEncoder(json: JsonObject, config: JsonObject, remembers: boolean): TextEncoder {
  const normalize = createNormalizer(json.normalizer);
  const preTokenizer = createPreTokenizer(json.pre_tokenizer);
  const model = createModel(json);
  const added = AddedTokens.of(json, model.ids, normalize);
  const ids = withAdded(model.ids, json);

  const { spell = (piece: string) => piece } = preTokenizer;
  const spelled = (piece: string, into: Int32List) => model.append(spell(piece), into);
  const pieces = remembers ? new RememberedPieces(listed(spelled)) : { append: spelled };
  const append = (text: string, into: Int32List) =>
    added.split(text, {
      token: (id) => into.push(id),
      text(section, isFirst) {
        for (const piece of preTokenizer.split(section, isFirst)) pieces.append(piece, into);
      },
    });
  const words = remembers ? WordCache.of({ json, config, vocabulary: ids, normalize, idsOf: listed(append) }) : null;
  // Few need spans, and their encoder has a normalizer of its own.
  let withSpans: ReturnType<typeof spanEncoder> | undefined;
  return {
    ids,
    append: words === null ? append : (text, into) => words.append(text, into),
    appendWithSpans(text, into, spans) {
      withSpans ??= spanEncoder(json, { added, preTokenizer, model, ids }, remembers);
      withSpans(text, into, spans);
    },
  };
}

/** The same as a function that gives the ids. */
function listed(append: (text: string, into: Int32List) => void): (text: string) => number[] {
  const list = new Int32List(64);
  return (text) => {
    list.length = 0;
    append(text, list);
    return [...list.values.subarray(0, list.length)];
  };
}
