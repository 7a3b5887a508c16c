import { readFileSync } from "node:fs";

export interface InputFile {
  file: string;
  contents: string | Uint8Array<ArrayBuffer>;
}

/** One file that people may bring, and what comes of it. */
export interface InputCase extends InputFile {
  /** What is special about it, as docs/inputs.md names it. */
  what: string;
  /** The files that belong to it, where a table is in several. */
  beside?: InputFile[];
  /** Parts of what `inspect` prints, with the `kind` and `sheet` of the format; or a pattern that the refusal matches. */
  expected: Record<string, unknown> | RegExp;
  /** A finding that is among those printed. */
  finding?: string;
  /** Encodings of which one is taken. */
  encodings?: readonly string[];
}

const texts = ["the soup was dull", "a lamp was lovely", "her book is the best", "our train is awful"];

/** Lines of a table; `cells` writes one from its text and its number. */
export function rows(count: number, cells: (text: string, row: number) => string): string {
  return list(count, cells).join("\n");
}

/** As `rows`, of anything. */
export function list<Row>(count: number, row: (text: string, row: number) => Row): Row[] {
  return Array.from({ length: count }, (_, index) => row(`${texts[index % 4] ?? ""} today ${index}`, index));
}

/** The name of a row, each in turn. */
export function one(row: number, names: readonly string[]): string {
  return names[row % names.length] ?? "";
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** One byte for each character. */
export function latin(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A file of test/cases. */
export function fixture(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../cases/${path}`, import.meta.url)));
}

export const csv = `text,label\n${rows(20, (text, row) => `${text},${one(row, ["neg", "pos"])}`)}\n`;
