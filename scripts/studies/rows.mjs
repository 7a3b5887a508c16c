// The rows of the studies under docs/: text messages (ham or spam) and sentences of SST-2 (bad or good), equally many of
// each class, in the order of the files, without duplicates.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";

export const TRAIN_ROWS = 320;
export const HELD_ROWS = 256;

/** Rows without duplicates, to take from. */
class Rows {
  /** @param {string[][]} rows text and label */
  constructor(rows) {
    this.rows = [...new Map(rows.map((row) => [row[0], row])).values()];
  }

  /** Removes and returns the first `count` rows, equally many of each class. @param {number} count */
  take(count) {
    const labels = [...new Set(this.rows.map(([, label]) => label))].sort();
    const taken = labels.flatMap((label) =>
      this.rows.filter((row) => row[1] === label).slice(0, count / labels.length),
    );
    this.rows = this.rows.filter((row) => !taken.includes(row));
    return taken;
  }
}

/**
 * Writes sms-train.csv, sms-held.csv, sst2-train.csv and sst2-held.csv.
 *
 * @param {string} sst2 folder of train.tsv and dev.tsv (sentence, tab, 0 or 1; they cannot be shipped)
 * @param {string} work
 */
export function writeStudyRows(sst2, work) {
  const write = (/** @type {string} */ name, /** @type {string[][]} */ rows) =>
    writeFileSync(join(work, name), `${Papa.unparse([["text", "label"], ...rows])}\n`);
  const sentences = (/** @type {string} */ name) =>
    readFileSync(join(sst2, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
  mkdirSync(work, { recursive: true });
  const table = Papa.parse(readFileSync("public/sample/sms-spam.csv", "utf8").trimEnd()).data;
  const messages = new Rows(/** @type {string[][]} */ (table).slice(1).map(([label = "", text = ""]) => [text, label]));
  write("sms-train.csv", messages.take(TRAIN_ROWS));
  write("sms-held.csv", messages.take(HELD_ROWS));
  write("sst2-train.csv", new Rows(sentences("train.tsv")).take(TRAIN_ROWS));
  write("sst2-held.csv", new Rows(sentences("dev.tsv")).take(HELD_ROWS));
}
