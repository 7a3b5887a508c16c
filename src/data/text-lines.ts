import type { ByteSource } from "../io/byte-source.ts";
import { LARGEST_FILE } from "../io/size-limits.ts";
import { textCleaner } from "./cleaning/clean-text.ts";
import { requireText, requireTextFile } from "../io/text-check.ts";
import { decodeText, detectEncoding } from "../io/text-encoding.ts";
import type { TextSteps } from "../recipe/cleaning-steps.ts";
import { Problem } from "../problem/problem.ts";
import type { TextFileSummary } from "./summary.ts";

/** A plain text file that was read. */
export interface TextFile {
  name: string;
  bytes: number;
  encoding: string;
  /** One text each, without the empty ones. */
  lines: string[];
}

/** Number of characters read to check that a file is text. */
const SAMPLE_CHARACTERS = 65_536;
const PREVIEW_LINES = 5;
const PREVIEW_CHARACTERS = 300;

/**
 * Reads a plain text file, one text per line, in any encoding of a table; empty lines are left out. Throws a Problem for
 * a file that is not text, is over 500 MB, or is empty.
 */
export async function openTextFile(source: ByteSource): Promise<TextFile> {
  if (source.size > LARGEST_FILE) throw tooLarge(source);
  await requireTextFile(source, "lines");
  const encoding = await detectEncoding(source);
  const text = await decodeText(source, encoding);
  requireText(source.name, text.slice(0, SAMPLE_CHARACTERS), "lines");
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) throw noText(`${source.name} has no text in it.`, "with one text a line");
  return { name: source.name, bytes: source.size, encoding, lines };
}

/** A file of texts that are cleaned as those of a run; null for nothing. */
export function cleanedLines(file: TextFile, steps: TextSteps | null): TextFile {
  const clean = steps && textCleaner(steps);
  if (clean === null) return file;
  const lines = file.lines.map((line) => clean(line).trim()).filter((line) => line !== "");
  return { ...file, lines };
}

/**
 * The texts of a file without those of `without` (rows held out, which must not be learned by heart). Throws a Problem
 * when nothing is left.
 */
export function linesWithout({ name, lines }: TextFile, without: readonly string[]): string[] {
  const heldOut = new Set(without.map((one) => one.trim()));
  const kept = lines.filter((line) => !heldOut.has(line));
  if (kept.length === 0)
    throw noText(`All texts of ${name} are held out too, so none is left to train on.`, "of other texts");
  return kept;
}

/** The summary of an opened text file for the page. */
export function summarizeTextFile({ name, bytes, encoding, lines }: TextFile): TextFileSummary {
  const words = lines.reduce((sum, line) => sum + line.split(/\s+/).length, 0);
  const preview = lines.slice(0, PREVIEW_LINES).map((line) => line.slice(0, PREVIEW_CHARACTERS));
  return { name, bytes, encoding, lines: lines.length, words, preview };
}

function tooLarge({ name, size }: ByteSource): Problem {
  return new Problem({
    found: `${name} has ${Math.round(size / 1e6)} MB.`,
    expected: `A text file of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Take a part of it: an epoch of pretraining reads every line.",
  });
}

function noText(found: string, kind: string): Problem {
  return new Problem({
    found,
    expected: `A plain text file ${kind} was expected.`,
    remedy: "Choose another file.",
  });
}
