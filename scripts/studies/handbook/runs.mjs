// The runs behind the pictures of docs/handbook.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { fitOnce } from "../run.mjs";
import { HELD_ROWS, writeStudyRows } from "../rows.mjs";

/** Number of messages in the healthy run, in the order of the sample: six or seven ham for each spam. */
const MESSAGES = 1280;
const HELD_MESSAGES = 512;

/** Writes the first messages of the sample, without duplicates. @param {string} work */
function writeMessages(work) {
  const table = Papa.parse(readFileSync("public/sample/sms-spam.csv", "utf8").trimEnd()).data;
  const [head = [], ...all] = /** @type {string[][]} */ (table);
  const rows = [...new Map(all.map((row) => [row[1], row])).values()];
  const write = (/** @type {string} */ name, /** @type {string[][]} */ some) =>
    writeFileSync(join(work, name), `${Papa.unparse([head, ...some])}\n`);
  write("messages-train.csv", rows.slice(0, MESSAGES));
  write("messages-held.csv", rows.slice(MESSAGES, MESSAGES + HELD_MESSAGES));
}

/**
 * Makes the runs that `work` does not have yet. “first”, “nothing” and “rehearsal” are runs of
 * scripts/studies/forgetting/study.mjs.
 *
 * @param {string} sst2 folder of train.tsv and dev.tsv, see scripts/studies/rows.mjs @param {string} work
 */
export function makeRuns(sst2, work) {
  writeStudyRows(sst2, work);
  writeMessages(work);
  const file = (/** @type {string} */ name) => join(work, name);
  const from = (/** @type {string} */ model, /** @type {string} */ rows) => [
    ...["--model", model],
    ...["--data", file(`${rows}-train.csv`), "--valid", file(`${rows}-held.csv`)],
  ];
  const starter = (/** @type {string} */ rows) => from("public/starter", rows);

  const common = { maxLength: 64, evaluationSample: HELD_ROWS };
  fitOnce(work, "healthy", starter("messages"), { ...common, evaluationsPerEpoch: 4 });

  const headAlone = [...starter("sst2"), "--preset", "feature-extraction"];
  fitOnce(work, "overfitting", headAlone, { ...common, evaluationsPerEpoch: 0 });

  const short = { ...common, epochs: 4, evaluationsPerEpoch: 2 };
  fitOnce(work, "lost", starter("sst2"), { ...short, learningRate: 1e-3, warmupShare: 0 });
  fitOnce(work, "good", starter("sst2"), { ...short, learningRate: 5e-5, warmupShare: 0.1 });

  const high = { ...common, learningRate: 1e-4 };
  fitOnce(work, "first", starter("sms"), { ...high, epochs: 2, evaluationsPerEpoch: 0 });
  const then = [
    ...from(file("first/model"), "sst2"),
    ...["--earlier", file("sms-train.csv"), "--earlier-valid", file("sms-held.csv")],
  ];
  const second = { ...high, epochs: 3, evaluationsPerEpoch: 2 };
  fitOnce(work, "nothing", then, second);
  fitOnce(work, "rehearsal", then, { ...second, rehearsal: 0.25 });
  fitOnce(work, "decay-l2sp", then, { ...second, layerDecay: 0.9, l2sp: 0.01 });
}
