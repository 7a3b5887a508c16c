import { textCleaner } from "../data/cleaning/clean-text.ts";
import { looksOf } from "../data/column-look.ts";
import { emptiness } from "../data/empty-cells.ts";
import type { Cleaning } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { cutAt, textLimitOf, type TextLimit } from "../data/text-limit.ts";
import { histogramOfLengths } from "../data/lengths.ts";
import { Int32List } from "../io/int32-list.ts";
import { MappedTexts, type Texts } from "../io/text-column.ts";
import { withAutomatic } from "../recipe/automatic.ts";
import type { AutomaticFacts } from "../recipe/automatic-rules.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";
import type { SeenColumns } from "./columns.ts";

/** How long the texts of a table are in tokens, special tokens included, and what becomes of the long ones. */
interface TextLengths extends TextLimit {
  /** Number of tokens, over the rows with a text. */
  mean: number;
  longest: number;
  /** Number of rows of more than `maxLength` tokens. */
  longer: number;
  /** Number of rows that the model reads: each window of a text is one. */
  encodedRows: number;
}

/** What the lengths are measured with. */
interface Measure {
  /** Its max length, where automatic, is what `fit` takes for texts of these lengths. */
  recipe: Recipe;
  model: NonNullable<AutomaticFacts["model"]>;
  tokenizer: Tokenizer;
  cleaning: Cleaning;
}

/**
 * Tokenizes the texts of a table. Null where no column has texts, or a column of lists has words.
 *
 * @throws Problem where the max length has no room for the special tokens, or windows have too large an overlap
 */
export function textLengths(
  { cells, columns }: Table,
  { text, pair }: Pick<SeenColumns, "text" | "pair">,
  { recipe, model, tokenizer, cleaning }: Measure,
): TextLengths | null {
  const cell = cells[text ?? -1];
  if (text === null || !cell || (looksOf(columns, cells)[text]?.lists ?? 0) > 0.5) return null;
  const isEmpty = emptiness(cleaning);
  const clean = textCleaner(recipe);
  const cleaned = (all: Texts) => (clean === null ? all : new MappedTexts(all, clean));
  const [texts, second] = [cleaned(cell), pair === null ? null : cells[pair]];
  const pairs = second ? cleaned(second) : null;
  const count = (limit: TextLimit) => countTokens(texts, pairs, { limit, tokenizer, isEmpty });
  const isAutomatic = recipe.automatic.includes("maxLength");
  const whole = count(isAutomatic ? cutAt(recipe.maxLength) : recipe);
  const { mean, longest, longerThan } = histogramOfLengths(Int32Array.from(whole.lengths), "tokens");
  const facts = { model, data: null, lengths: { longerThan, rows: whole.lengths.length } };
  const limit = textLimitOf(withAutomatic(recipe, facts).recipe);
  const longer = whole.lengths.filter((length) => length > limit.maxLength).length;
  const { encodedRows } = isAutomatic && longer > 0 ? count(limit) : whole;
  return { ...limit, mean, longest, longer, encodedRows };
}

/** The lengths of the texts that are not empty, and the number of rows that they make; one text is held at a time. */
function countTokens(
  texts: Texts,
  pairs: Texts | null,
  { limit, tokenizer, isEmpty }: { limit: TextLimit; tokenizer: Tokenizer; isEmpty: ReturnType<typeof emptiness> },
) {
  const encoded = { ids: new Int32List(512), types: new Int32List(512), rowEnds: new Int32List(16) };
  const lengths: number[] = [];
  let encodedRows = 0;
  for (let row = 0; row < texts.length; row++) {
    const text = texts.at(row);
    if (isEmpty(text)) continue;
    encoded.ids.length = encoded.types.length = encoded.rowEnds.length = 0;
    lengths.push(tokenizer.append(text ?? "", pairs ? (pairs.at(row) ?? "") : null, limit, encoded));
    encodedRows += encoded.rowEnds.length;
  }
  return { lengths, encodedRows };
}
