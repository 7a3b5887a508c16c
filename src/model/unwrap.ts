import { Problem } from "../problem/problem.ts";

/** Ends the name of one tensor of every BERT encoder; what stands before it is the encoder's place in the model. */
const WORD_TABLE = "embeddings.word_embeddings.weight";
/** Other families whose encoders have tensors of the same names and compute something else. */
const OTHER_FAMILIES =
  /(^|[._])(xlm_roberta|roberta|camembert|electra|distilbert|albert|mpnet|deberta|ernie|nezha)[._]/;

/**
 * Takes off what wrappers put before the names of tensors (`module.` of DataParallel, `_orig_mod.` of torch.compile,
 * `model.` of Lightning, `bert.bert.` of a class around a class), so that the names are those of transformers.
 * Throws a Problem where there are two encoders, or one of another family.
 *
 * @returns the tensors under their new names, in order, and the prefix taken off, "" for none
 */
export function unwrapped<T>(tensors: ReadonlyMap<string, T>): { tensors: Map<string, T>; prefix: string } {
  const places = [...tensors.keys()].filter((name) => name === WORD_TABLE || name.endsWith(`.${WORD_TABLE}`));
  const [first = WORD_TABLE, second] = places;
  if (second !== undefined) {
    throw new Problem({
      found: `The checkpoint has ${places.length} encoders: ${places.map((name) => name.slice(0, -WORD_TABLE.length) || "(no prefix)").join(", ")}.`,
      expected: "The weights of one BERT were expected.",
      remedy: "Save one of the encoders by itself with save_pretrained(FOLDER).",
    });
  }
  const place = first.slice(0, -WORD_TABLE.length);
  const family = OTHER_FAMILIES.exec(place)?.[2];
  if (family !== undefined) {
    throw new Problem({
      found: `The weights are those of another family: ${first}.`,
      expected: "Tabtune trains models of type “bert”.",
      remedy: "Choose a BERT checkpoint, e.g. bert-base-uncased, a MiniLM or a multilingual BERT.",
    });
  }
  const prefix = place.replace(/bert\.$/, "");
  if (prefix === "") return { tensors: new Map(tensors), prefix };
  const renamed = new Map<string, T>();
  for (const [name, tensor] of tensors) if (name.startsWith(prefix)) renamed.set(name.slice(prefix.length), tensor);
  // What stands outside of the wrapper keeps its name, unless that is taken; a head there is not transformers' own.
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(prefix)) renamed.set(renamed.has(name) || isHead(name) ? `outside.${name}` : name, tensor);
  }
  return { tensors: renamed, prefix };
}

const isHead = (name: string) => /^(classifier|qa_outputs|cls)\./.test(name);
