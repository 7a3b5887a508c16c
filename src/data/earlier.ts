import { Problem } from "../problem/problem.ts";
import { prepareData, type PreparedData } from "./dataset.ts";
import { createRandom, shuffledIndices } from "./random.ts";
import type { ColumnChoice, DataSummary } from "./summary.ts";
import type { Table } from "./table.ts";
import type { ReaderOf } from "./targets.ts";
import type { TextFile } from "./text-lines.ts";

/** How rows of an earlier task are split, as in `prepareData`. */
interface EarlierSplit {
  /** How each task reads its label columns. */
  readerOf: ReaderOf;
  share: number;
  seed: number;
  validationTable: Table | null;
  /** The classes of the checkpoint's own classifier, in its order. */
  labelNames: readonly string[];
}

/**
 * The rows of the task that a checkpoint's own classifier was trained for: those used against forgetting, and those on
 * which it is measured. Rows of other classes are left out; every finding names the table.
 * Throws a `Problem` when the validation table lacks a chosen column.
 */
export function prepareEarlier(table: Table, columns: ColumnChoice, split: EarlierSplit): PreparedData {
  const { summary, ...rows } = prepareData(table, columns, split);
  const findings = summary.findings.map((finding) => ({ ...finding, text: `In ${table.name}: ${finding.text}` }));
  return { ...rows, summary: { ...summary, findings } };
}

/** Throws a `Problem` where the rows cannot be used, mostly because they have none of the classifier's classes. */
export function refuseUnusable({ findings, labelNames }: DataSummary): void {
  const blocking = findings.find(({ severity }) => severity === "blocking");
  if (!blocking) return;
  throw new Problem({
    found: blocking.text,
    expected: `Rows of the checkpoint's own classes were expected: ${labelNames.slice(0, 20).join(", ")}.`,
    remedy: blocking.remedy,
  });
}

/** Splits texts of an earlier task; no text is in both parts. */
export interface EarlierTexts {
  /** Those that may be used against forgetting. */
  train: string[];
  /** Those on which it is measured. */
  validation: string[];
}

/**
 * The texts of a file, each once, of which a seeded share is held out, at least one. Throws a Problem where there is only
 * one text.
 */
export function splitEarlierTexts(
  { name, lines }: TextFile,
  { share, seed }: { share: number; seed: number },
): EarlierTexts {
  const texts = [...new Set(lines)];
  if (texts.length < 2) {
    throw new Problem({
      found: `${name} has one text alone.`,
      expected: "Some texts were expected to measure forgetting with, and others to protect.",
      remedy: "Take a file of more texts, one a line.",
    });
  }
  const heldOut = Math.min(texts.length - 1, Math.max(1, Math.round(share * texts.length)));
  const order = shuffledIndices(texts.length, createRandom(seed));
  const some = (places: Int32Array) => Array.from(places.sort(), (place) => texts[place] ?? "");
  return { train: some(order.slice(heldOut)), validation: some(order.slice(0, heldOut)) };
}
