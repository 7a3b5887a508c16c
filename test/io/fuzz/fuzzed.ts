import { Problem } from "../../../src/problem/problem.ts";

/** Files of each kind that are tried: 500 random ones and 500 mutated ones, or as many as TABTUNE_FUZZ says. */
const LONG = process.env["TABTUNE_FUZZ"];
const CASES = Number(LONG ?? 500);
/** The most that one case may take, in milliseconds. */
const LONGEST = 1000;

/** Numbers from 0 to 1 that repeat with the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Characters that mean something to a reader, more often than chance would have them. */
const telling = [..."\n\r\t,;|\"'\\{}[]:_ #<>"].map((character) => character.charCodeAt(0));

/** Up to 300 random bytes behind `start`. */
export function randomBytes(random: () => number, start: string): Uint8Array<ArrayBuffer> {
  // Bytes beside ASCII call the detector of encodings, which takes most of the time.
  const highest = random() < 0.2 ? 256 : 128;
  const rest = Array.from({ length: Math.floor(random() * 300) }, () =>
    random() < 0.4 ? (telling[Math.floor(random() * telling.length)] ?? 0) : Math.floor(random() * highest),
  );
  return Uint8Array.from([...[...start].map((character) => character.charCodeAt(0)), ...rest]);
}

/** Some bytes among the first `within` changed, left out, doubled, or the end cut off. */
export function mutated(random: () => number, valid: Uint8Array, within = valid.length): Uint8Array<ArrayBuffer> {
  let head = [...valid.subarray(0, within)];
  const highest = head.some((byte) => byte > 127) ? 256 : 128;
  const rest = valid.subarray(within);
  let isCut = false;
  for (let change = 0; change <= random() * 4; change++) {
    const at = Math.floor(random() * head.length);
    const way = random();
    if (way < 0.5) head[at] = Math.floor(random() * highest);
    else if (way < 0.65) head.splice(at, 1 + Math.floor(random() * 8));
    else if (way < 0.8) head.splice(at, 0, ...head.slice(at, at + Math.floor(random() * 40)));
    else if (way < 0.9) head[at] = 0xff;
    else [head, isCut] = [head.slice(0, at), true];
  }
  if (rest.length === 0 || isCut) return Uint8Array.from(head);
  const whole = new Uint8Array(head.length + rest.length);
  whole.set(head);
  whole.set(rest, head.length);
  return whole;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const odd: Json[] = [null, true, -1, 0, 1.5, 1e99, 2 ** 53, "", "x", "1", [], {}, [[]], { a: [] }, "\ud800", "🙂"];

/** A value of JSON with one or a few of its parts replaced by odd ones, renamed or left out. */
export function mutatedJson(random: () => number, valid: unknown): string {
  const value = structuredClone(valid) as Json;
  for (let change = 0; change <= random() * 3; change++) changePart(random, value);
  return JSON.stringify(value);
}

function changePart(random: () => number, top: Json): void {
  const pick = <T>(some: readonly T[]): T | undefined => some[Math.floor(random() * some.length)];
  for (let place = top; typeof place === "object" && place !== null;) {
    const holder: { [key: string]: Json } | Json[] = place;
    const key = pick(Object.keys(holder));
    if (key === undefined) return;
    const entries = holder as { [key: string]: Json };
    const part = entries[key] ?? null;
    if (typeof part === "object" && part !== null && random() < 0.8) {
      place = part;
      continue;
    }
    const way = random();
    if (way < 0.7) entries[key] = pick(odd) ?? null;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else {
      delete entries[key];
      if (way < 0.85) entries[`${key}x`] = part;
    }
    return;
  }
}

/** Whether reading ends in a `Problem`; throws what else is thrown, and in the long form where it takes too long. */
export async function endsInProblem(read: () => Promise<unknown>): Promise<boolean> {
  // Three times before it is said, since other work on the machine takes time too.
  for (let time = 0; ; time++) {
    const start = performance.now();
    const isProblem = await problemOf(read);
    const took = performance.now() - start;
    if (LONG === undefined || took <= LONGEST) return isProblem;
    if (time === 2) throw new Error(`It took ${Math.round(took)} ms.`);
  }
}

async function problemOf(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return true;
  }
}

/**
 * Reads `CASES` files of each way to make one, each from a seed of its own.
 *
 * @returns whether some ended in a `Problem`
 */
export async function fuzz<T>(
  name: string,
  ways: readonly ((random: () => number) => T)[],
  read: (made: T) => Promise<unknown>,
  show: (made: T) => string,
): Promise<boolean> {
  let someProblem = false;
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed);
    for (const way of ways) {
      const made = way(random);
      try {
        someProblem = (await endsInProblem(() => read(made))) || someProblem;
      } catch (error) {
        throw new Error(`${name}, seed ${seed}: ${show(made).slice(0, 2000)}`, { cause: error });
      }
    }
  }
  return someProblem;
}
