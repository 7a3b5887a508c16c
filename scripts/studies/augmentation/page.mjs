// The page docs/augmentation.md of the study's results.
import { markdownTable } from "../markdown-table.mjs";

/** @typedef {{ set: string, seed: number, way: string, rows: number, macroF1: number, rarestF1: number }} Line */

const points = (/** @type {number} */ share) => (100 * share).toFixed(1);
const signed = (/** @type {number} */ share) => `${share < 0 ? "−" : "+"}${points(Math.abs(share))}`;
const mean = (/** @type {number[]} */ list) => list.reduce((sum, one) => sum + one / list.length, 0);

/** @param {Line[]} lines @returns {string} */
export function pageOf(lines) {
  const sets = [...new Set(lines.map(({ set }) => set))];
  const parts = sets.map((set) => {
    const own = lines.filter((line) => line.set === set);
    const plain = new Map(own.filter(({ way }) => way === "as they are").map((line) => [line.seed, line]));
    const table = [...new Set(own.map(({ way }) => way))].map((way) => {
      const runs = own.filter((line) => line.way === way && plain.has(line.seed));
      const gains = runs.map(({ seed, macroF1 }) => macroF1 - (plain.get(seed)?.macroF1 ?? NaN));
      return [
        way,
        points(mean(runs.map(({ macroF1 }) => macroF1))),
        way === "as they are" ? "" : signed(mean(gains)),
        way === "as they are" ? "" : gains.map(signed).join(", "),
        points(mean(runs.map(({ rarestF1 }) => rarestF1))),
        runs.length,
      ];
    });
    const [{ rows = 0 } = {}] = own;
    const head = ["Way", "Macro F1", "Gain", "By seed", "F1 of the rarest", "Seeds"];
    return `## ${set}\n\n${rows} test rows.\n\n${markdownTable(head, table)}\n`;
  });
  return `# Changed copies and balanced classes, measured

Made by \`scripts/studies/augmentation/study.mjs\` with the starter model on the processor (wasm); a line of \`augmentation.jsonl\` for each run. 100 rows, a fifth of them to validate on, automatic rate and head, 12 epochs, 32 tokens; with four changed copies of every row as many steps, so that a gain is not one of longer training. Scores of test rows that no run has seen, in points, and the gain over the same rows as they are, on the mean and for each seed: where the seeds do not agree, or there is one alone, there is no gain to speak of.

${parts.join("\n")}`;
}
