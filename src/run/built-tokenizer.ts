import { bracketed } from "../families/vocabulary-forms.ts";
import type { Family } from "../families/family.ts";
import { readAll, type ByteSource } from "../io/byte-source.ts";
import { readText } from "../io/json.ts";
import { parseObject, type JsonObject } from "../io/json-object.ts";
import type { ModelFiles } from "../io/model-files.ts";
import { buildTokenizer } from "../tokenize/from-vocabulary/build-tokenizer.ts";
import { hasCapitals } from "../tokenize/from-vocabulary/casing.ts";

/** A tokenizer.json made from a checkpoint's vocabulary files, and the note on it. */
interface BuiltTokenizer {
  tokenizerJson: string;
  note: string;
}

/**
 * Builds the tokenizer of a checkpoint without tokenizer.json, as transformers would convert it.
 *
 * @throws Problem for a vocabulary that its family does not have, and for broken files
 */
export async function builtTokenizer(files: ModelFiles, family: Family): Promise<BuiltTokenizer> {
  const named = (name: string) => files.vocabulary.find((source) => source.name === name) ?? null;
  const textOf = async (name: string) => {
    const source = named(name);
    return source === null ? null : readText(source);
  };
  const objectOf = async (name: string): Promise<JsonObject> => {
    const text = await textOf(name);
    return text === null ? {} : parseObject(text, name);
  };
  const [pieces, merges] = [await textOf("vocab.txt"), await textOf("merges.txt")];
  const model = files.vocabulary.find(({ name }) => name.endsWith(".model")) ?? null;
  const stated = parseObject(files.tokenizerConfigJson ?? "{}", "tokenizer_config.json");
  const ofModel = statedCasing(files.config);
  const lowercase = ofModel ?? (pieces === null || !hasCapitals(pieces));
  const tokenizerJson = buildTokenizer(
    {
      pieces,
      bytePairs: merges === null ? null : { vocabulary: await objectOf("vocab.json"), merges },
      sentencePiece: model === null ? null : { name: model.name, bytes: await readAll(model) },
      config: { ...(await objectOf("special_tokens_map.json")), ...stated },
      added: await objectOf("added_tokens.json"),
      lowercase,
    },
    family.vocabulary ?? bracketed,
  );
  return { tokenizerJson, note: noteOn(model, merges, lowercase, statedCasing(stated) ?? ofModel) };
}

/** How the tokenizer came about; `stated`: the casing where a file states it. */
function noteOn(model: ByteSource | null, merges: string | null, lowercase: boolean, stated: boolean | null): string {
  const from = model?.name ?? (merges === null ? "vocab.txt" : "vocab.json and merges.txt");
  const made = `There is no tokenizer.json: it was made from ${from}.`;
  if (from !== "vocab.txt") return made;
  if (stated !== null) return `${made} do_lower_case is ${stated} in its configuration.`;
  return `${made} Its tokens have ${lowercase ? "no capitals, so texts are lower-cased" : "capitals, so texts keep theirs"}.`;
}

function statedCasing(config: unknown): boolean | null {
  const isObject = typeof config === "object" && config !== null;
  return isObject && "do_lower_case" in config && typeof config.do_lower_case === "boolean"
    ? config.do_lower_case
    : null;
}
