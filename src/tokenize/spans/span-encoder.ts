import { Int32List } from "../../io/int32-list.ts";
import type { JsonObject } from "../../io/json-object.ts";
import type { AddedTokens } from "../added-tokens.ts";
import type { PreTokenizer } from "../pre-tokenizer.ts";
import { Remembered, type VocabularyModel } from "../vocabulary-model.ts";
import { spanTrimmer } from "./span-trimmer.ts";
import { traceNormalizer } from "./trace-normalizer.ts";
import { tracePieces } from "./trace-pieces.ts";
import { mapCharacters, spanOf, type Span } from "./traced-text.ts";

/** The steps of a tokenizer, and its ids by token. */
interface EncoderSteps {
  added: AddedTokens;
  preTokenizer: PreTokenizer;
  model: VocabularyModel;
  ids: ReadonlyMap<string, number>;
}

/**
 * The way from a text to token ids and to where each token stands in the text, the offsets of the Rust library: each
 * step keeps for each character the characters of the text that it was made from.
 *
 * @param json tokenizer.json
 * @param remembers whether the tokens of a piece are kept
 * @returns adds the ids of a text to a list, and to another the start and the end of each token, in code points
 */
export function spanEncoder(json: JsonObject, steps: EncoderSteps, remembers: boolean) {
  const { added, preTokenizer, model } = steps;
  const normalize = traceNormalizer(json.normalizer);
  const trim = spanTrimmer(json.post_processor, steps.ids);
  const { spell } = preTokenizer;
  const spelt = (piece: string) => {
    const [ids, spans] = [new Int32List(8), new Int32List(16)];
    model.append(piece, ids, spans);
    return { ids: [...ids.toArray()], spans: [...spans.toArray()] };
  };
  const known = new Remembered(spelt);

  return (text: string, ids: Int32List, spans: Int32List): void => {
    const first = ids.length;
    const push = (id: number, span: Span, written: string | number = id) => {
      const { start, end } = trim(written, span, ids.length === first);
      ids.push(id);
      spans.push(start);
      spans.push(end);
    };
    added.trace(text, normalize, {
      token: push,
      text(section, isFirst) {
        for (const piece of tracePieces(preTokenizer, section, isFirst)) {
          const written = spell === undefined ? piece : mapCharacters(piece, spell);
          const tokens = remembers ? known.of(written.text) : spelt(written.text);
          for (const [i, id] of tokens.ids.entries()) {
            push(id, spanOf(written, tokens.spans[2 * i] ?? 0, tokens.spans[2 * i + 1] ?? 0));
          }
        }
      },
    });
  };
}
