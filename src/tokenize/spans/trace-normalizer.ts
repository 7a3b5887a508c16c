import { isObject, type JsonObject } from "../../io/json-object.ts";
import { Charsmap } from "../charsmap.ts";
import { createNormalizer } from "../normalizer.ts";
import { patternOf } from "../pattern.ts";
import {
  joined,
  mapCharacters,
  prepended,
  slice,
  spanOf,
  standingAt,
  transform,
  type TracedText,
} from "./traced-text.ts";

type Trace = (text: TracedText) => TracedText;

/** The normalizers whose steps are followed as they are. */
const kinds: Partial<Record<string, (config: JsonObject) => Trace>> = {
  Sequence({ normalizers }) {
    const steps = (Array.isArray(normalizers) ? normalizers : []).map(traceNormalizer);
    return (text) => steps.reduce((changed, step) => step(changed), text);
  },
  Precompiled({ precompiled_charsmap: base64 }) {
    if (typeof base64 !== "string") return (text) => text;
    const charsmap = new Charsmap(base64);
    return (text) => transform(text, changesOf(charsmap.replaced(text.text)));
  },
  Strip(config) {
    const withoutEnd = createNormalizer({ ...config, strip_left: false });
    const withoutBoth = createNormalizer(config);
    return (text) => {
      const end = withoutEnd(text.text).length;
      return slice(text, end - withoutBoth(text.text).length, end);
    };
  },
  Prepend:
    ({ prepend }) =>
    (text) =>
      text.text === "" ? text : prepended(String(prepend), text),
  Replace(config) {
    const pattern = patternOf(config.pattern);
    const content = typeof config.content === "string" ? config.content : "";
    return (text) => replaced(text, pattern, content);
  },
};

/** Those whose steps are known by what becomes of each character, or of each letter with its accents. */
const unicodeForms: Partial<Record<string, Trace>> = {
  NFC: (text) => composed(text, "NFC"),
  NFKC: (text) => composed(text, "NFKC"),
  NFD: (text) => decomposed(text, "NFD"),
  NFKD: (text) => decomposed(text, "NFKD"),
};

/**
 * The normalizer of a tokenizer.json, which keeps where each character comes from as the Rust library does.
 *
 * @returns the texts of `createNormalizer`
 */
export function traceNormalizer(config: unknown): Trace {
  if (!isObject(config)) return (text) => text;
  const { type } = config;
  const known = typeof type === "string" ? kinds[type] : undefined;
  if (known !== undefined) return known(config);
  const normalize = createNormalizer(config);
  const trace = (typeof type === "string" ? unicodeForms[type] : undefined) ?? byCharacter(normalize);
  return (text) => {
    const traced = trace(text);
    const expected = normalize(text.text);
    return traced.text === expected ? traced : roughly(text, expected);
  };
}

function byCharacter(normalize: (text: string) => string): Trace {
  const known = new Map<string, string>();
  return (text) =>
    mapCharacters(text, (character) => {
      let changed = known.get(character);
      if (changed === undefined) known.set(character, (changed = normalize(character)));
      return changed;
    });
}

/** What becomes of old parts, in the form of `transform`, as the Rust library's `Precompiled` writes it. */
function changesOf(parts: readonly { old: string; made: string }[]): [string, number][] {
  const changes: [string, number][] = [];
  for (const { old, made } of parts) {
    const before = Array.from(old).length;
    const characters = Array.from(made);
    for (const [i, character] of characters.entries()) changes.push([character, i < before ? 0 : 1]);
    const last = changes.at(-1);
    if (characters.length < before && last !== undefined) last[1] -= before - characters.length;
  }
  return changes;
}

/** What is written for a match stands where the last character of the match stood. */
function replaced(old: TracedText, pattern: RegExp, content: string): TracedText {
  const parts: TracedText[] = [];
  let from = 0;
  for (const { 0: match, index } of old.text.matchAll(pattern)) {
    const to = index + match.length;
    parts.push(slice(old, from, index), standingAt(content, spanOf(old, to - 1, to)));
    from = to;
  }
  return from === 0 ? old : joined([...parts, slice(old, from, old.text.length)]);
}

/** A character that others may join: a letter with accents after it, or the first sign of a Korean syllable. */
const CLUSTER = /[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]*|[\p{M}\u1160-\u11ff]+/gu;

/** Unicode's composed forms: a letter that takes accents in stands where the letter alone stood. */
function composed(old: TracedText, form: "NFC" | "NFKC"): TracedText {
  const changes: [string, number][] = [];
  for (const [cluster] of old.text.matchAll(CLUSTER)) {
    const characters = Array.from(cluster);
    const made = Array.from(cluster.normalize(form));
    // Accents that are left stand at the end, as they did before.
    const gone = Math.max(0, characters.length - made.length);
    for (const [i, character] of made.entries()) {
      changes.push([character, i >= characters.length ? 1 : i === 0 ? -gone : 0]);
    }
  }
  return transform(old, changes);
}

/** Unicode's decomposed forms: the parts of a character stand where it stood, as long as accents keep their order. */
function decomposed(old: TracedText, form: "NFD" | "NFKD"): TracedText {
  const changes: [string, number][] = [];
  for (const [cluster] of old.text.matchAll(CLUSTER)) {
    const parts = Array.from(cluster).flatMap((character) =>
      Array.from(character.normalize(form), (part, i): [string, number] => [part, i === 0 ? 0 : 1]),
    );
    for (const character of cluster.normalize(form)) {
      const at = parts.findIndex(([part]) => part === character);
      changes.push(...parts.splice(at, 1));
    }
  }
  return transform(old, changes);
}

/** Where a normalizer's steps are not followed: what is equal at both ends stands where it stood, all else anywhere between. */
function roughly(old: TracedText, text: string): TracedText {
  const most = Math.min(old.text.length, text.length);
  let before = 0;
  while (before < most && old.text[before] === text[before]) before++;
  let after = 0;
  while (after < most - before && old.text.at(-1 - after) === text.at(-1 - after)) after++;
  const span = spanOf(old, before, old.text.length - after);
  const between = standingAt(text.slice(before, text.length - after), span);
  return joined([slice(old, 0, before), between, slice(old, old.text.length - after, old.text.length)]);
}
