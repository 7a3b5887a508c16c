import { pair } from "../model/names.ts";
import { Problem } from "../problem/problem.ts";
import type { Family } from "./family.ts";
import { exampleCheckpoints, trainedTypes } from "./registry.ts";

/** Families whose encoders compute something else with tensors of the same names. */
const LIKE_FAMILIES =
  /(?:^|[._])(xlm_roberta|roberta|camembert|electra|distilbert|bert|albert|mpnet|deberta|ernie|nezha)(?=[._])/g;

/**
 * Removes what wrappers put before the names of tensors (`module.` of DataParallel, `_orig_mod.` of torch.compile,
 * `model.` of Lightning, the encoder's own prefix twice of a class around a class), so that the names are those of
 * transformers. Throws a Problem where there are two encoders, or one of another family.
 *
 * @returns the tensors under their new names, in order, and the prefix that was removed, "" for none
 */
export function unwrapped<T>(
  family: Family,
  tensors: ReadonlyMap<string, T>,
): { tensors: Map<string, T>; prefix: string } {
  const { base, embeddings } = family.names;
  // A tensor that every encoder has: the prefix of its name is the encoder's place in the model.
  const wordTable = pair(embeddings.word).weight.slice(base.length);
  const places = [...tensors.keys()].filter((name) => name === wordTable || name.endsWith(`.${wordTable}`));
  const [first = wordTable, second] = places;
  if (second !== undefined) {
    throw new Problem({
      found: `The checkpoint has ${places.length} encoders: ${places.map((name) => name.slice(0, -wordTable.length) || "(no prefix)").join(", ")}.`,
      expected: `The weights of one ${family.label} were expected.`,
      remedy: "Save one of the encoders by itself with save_pretrained(FOLDER).",
    });
  }
  const place = first.slice(0, -wordTable.length);
  const others = [...place.matchAll(LIKE_FAMILIES)].filter(([, name]) => `${name}.` !== base);
  if (others.length > 0) {
    throw new Problem({
      found: `The weights are those of another family: ${first}.`,
      expected: trainedTypes,
      remedy: exampleCheckpoints,
    });
  }
  const prefix = place.endsWith(base) ? place.slice(0, -base.length) : place;
  if (prefix === "") return { tensors: new Map(tensors), prefix };
  const renamed = new Map<string, T>();
  for (const [name, tensor] of tensors) if (name.startsWith(prefix)) renamed.set(name.slice(prefix.length), tensor);
  const isHead = (name: string) =>
    [`${family.names.pooler}.`, `${family.names.classifier}.`, ...Object.values(family.heads)].some(
      (head) => head !== null && name.startsWith(head),
    );
  // A tensor outside of the wrapper keeps its name, unless that is taken; a head there is not transformers' own.
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(prefix)) renamed.set(renamed.has(name) || isHead(name) ? `outside.${name}` : name, tensor);
  }
  return { tensors: renamed, prefix };
}
