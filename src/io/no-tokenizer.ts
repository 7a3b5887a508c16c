import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { readText } from "./json.ts";

/**
 * The `Problem` of a checkpoint without tokenizer.json. Where there is a vocab.txt, the remedy makes one from it with
 * the right casing: transformers would lower-case whatever it is not told of.
 *
 * @param configs parsed files that may say `do_lower_case`, the weightier first
 */
export async function noTokenizer(vocabulary: ByteSource | null, configs: readonly unknown[]): Promise<Problem> {
  if (vocabulary === null) {
    return new Problem({
      found: "There is no tokenizer.json among the files of the model.",
      expected: "A tokenizer.json was expected, for it says how text becomes tokens.",
      remedy:
        "Make one in Python with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), or download it from the model's page.",
    });
  }
  const text = await readText(vocabulary);
  const stated = configs.map(statedCasing).find((lowers) => lowers !== null);
  const lowers = stated ?? !hasCapitals(text);
  const reason =
    stated === undefined
      ? `its tokens have ${lowers ? "no" : ""} capitals`.replace("  ", " ")
      : `do_lower_case is ${stated} in its configuration`;
  return new Problem({
    found: `There is a vocab.txt but no tokenizer.json. The vocabulary is ${lowers ? "uncased" : "cased"}: ${reason}.`,
    expected: "A tokenizer.json was expected: vocab.txt alone does not say how text is cut into words.",
    remedy: `Make one in Python with AutoTokenizer.from_pretrained(FOLDER, do_lower_case=${lowers ? "True" : "False"}).save_pretrained(FOLDER), or download it from the model's page.`,
  });
}

function statedCasing(config: unknown): boolean | null {
  const isObject = typeof config === "object" && config !== null;
  return isObject && "do_lower_case" in config && typeof config.do_lower_case === "boolean"
    ? config.do_lower_case
    : null;
}

/**
 * Whether tokens are written with capitals. Special tokens in brackets do not count, nor do a few strays: some
 * uncased vocabularies had tokens added by hand.
 */
function hasCapitals(vocabulary: string): boolean {
  const tokens = vocabulary.split(/\r?\n/).filter((token) => token !== "" && !/^[[<].*[\]>]$/.test(token));
  const withCase = tokens.filter((token) => token.toLowerCase() !== token.toUpperCase());
  const capitals = withCase.filter((token) => token !== token.toLowerCase());
  return capitals.length > withCase.length / 100;
}
