/** A text that was changed on the way to its tokens, and where each part of it comes from. */
export interface TracedText {
  text: string;
  /** For each UTF-16 unit, where the characters that it stands for begin and end in the text as it was, in code points. */
  starts: readonly number[];
  ends: readonly number[];
}

/** Code points `start` to `end` of a text, without the end. */
export interface Span {
  start: number;
  end: number;
}

/** A text that is not changed yet. */
export function tracedText(text: string): TracedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let place = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) {
      starts.push(place);
      ends.push(place + 1);
    }
    place++;
  }
  return { text, starts, ends };
}

/** The UTF-16 units `from` to `to`, without the end, as a text of its own. */
export function slice({ text, starts, ends }: TracedText, from: number, to: number): TracedText {
  return { text: text.slice(from, to), starts: starts.slice(from, to), ends: ends.slice(from, to) };
}

/** What the UTF-16 units `from` to `to` stand for; at least one unit. */
export function spanOf({ starts, ends }: TracedText, from: number, to: number): Span {
  return { start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
}

/**
 * Changes characters as the Rust library's `NormalizedString::transform_range` does. Each new character comes with a
 * number: at most 0 where it takes the place of the next old one, after which that many more are removed; 1 where it is
 * put in, and shares the place of the old character before it.
 *
 * @param removed old characters that are removed before the first new one
 */
export function transform(old: TracedText, changes: readonly (readonly [string, number])[], removed = 0): TracedText {
  const made = { text: "", starts: [] as number[], ends: [] as number[] };
  let at = 0;
  const pass = (characters: number) => {
    for (let i = 0; i < characters; i++) at += (old.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  };
  pass(removed);
  for (const [character, change] of changes) {
    const source = change > 0 ? at - 1 : at;
    made.text += character;
    for (let unit = 0; unit < character.length; unit++) {
      made.starts.push(old.starts[source] ?? 0);
      made.ends.push(old.ends[source] ?? 0);
    }
    if (change <= 0) pass(1 - change);
  }
  return made;
}

/** Each character becomes a text, maybe an empty one, that stands where it stood. */
export function mapCharacters(old: TracedText, changed: (character: string) => string): TracedText {
  const made = { text: "", starts: [] as number[], ends: [] as number[] };
  let at = 0;
  for (const character of old.text) {
    const text = changed(character);
    made.text += text;
    for (let unit = 0; unit < text.length; unit++) {
      made.starts.push(old.starts[at] ?? 0);
      made.ends.push(old.ends[at] ?? 0);
    }
    at += character.length;
  }
  return made;
}

/** A text whose characters all stand at one place. */
export function standingAt(text: string, { start, end }: Span): TracedText {
  return {
    text,
    starts: Array.from({ length: text.length }, () => start),
    ends: Array.from({ length: text.length }, () => end),
  };
}

/** A text put before another, as `NormalizedString::prepend` does it: it stands where the first character stands. */
export function prepended(prefix: string, old: TracedText): TracedText {
  return joined([standingAt(prefix, spanOf(old, 0, 1)), old]);
}

/** Texts one after the other. */
export function joined(parts: readonly TracedText[]): TracedText {
  return {
    text: parts.map(({ text }) => text).join(""),
    starts: parts.flatMap(({ starts }) => starts),
    ends: parts.flatMap(({ ends }) => ends),
  };
}
