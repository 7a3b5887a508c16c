// Makes public/sample/sms-spam.csv from the SMS Spam Collection's own file (label, tab, text; no quotes, no header):
//   node scripts/make-sample.mjs SMSSpamCollection public/sample/sms-spam.csv
import { readFileSync, writeFileSync } from "node:fs";

const [source, target] = process.argv.slice(2);
if (!source || !target) throw new Error("Usage: node scripts/make-sample.mjs SMSSpamCollection sms-spam.csv");

/** A CSV cell by RFC 4180: quoted where a comma, quote or line end is in it. @param {string} cell */
function quoted(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(source));
const rows = text.split("\n").filter((line) => line !== "");
const cells = rows.map((row, index) => {
  const tab = row.indexOf("\t");
  if (tab < 0) throw new Error(`Line ${index + 1} has no tab.`);
  return [row.slice(0, tab), row.slice(tab + 1)];
});
writeFileSync(target, [["label", "text"], ...cells].map((row) => `${row.map(quoted).join(",")}\n`).join(""));
console.log(`${cells.length} rows written to ${target}.`);
