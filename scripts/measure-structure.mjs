// How the source is spread: node scripts/measure-structure.mjs [REVISION …], HEAD alone by default. One column each.
import { execFileSync } from "node:child_process";

/** @typedef {{ path: string, text: string }} Source */

/** The source files of a revision. @param {string} revision @returns {Source[]} */
function sourcesOf(revision) {
  const git = (/** @type {string[]} */ ...options) =>
    execFileSync("git", options, { encoding: "utf8", maxBuffer: 2 ** 28 });
  return git("ls-tree", "-r", "--name-only", revision, "src")
    .split("\n")
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: git("show", `${revision}:${path}`) }));
}

/** Recipe fields that represent all: numbers, choices, switches and lists of every group. */
const fields = ["labelSmoothing", "rDrop", "l2sp", "ewcRows", "earlyStopping", "loraTargets", "layerDecay"];

/** Words that only a family's own folder should need: its name, and parameters as Hugging Face names them. */
const family = /bert(?!i)|LayerNorm\.|\.dense\b|token_type_embeddings|q_lin/i;

/** Words of one task: its name, its metrics and its columns. */
const task = /single-?label|singleLabel|macroF1|macro\.f1|classWeights|confusion/i;

/** Comments explain freely; code counts. @param {string} text */
function codeOf(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * Places that repeat six lines or more of another place. Lines that follow each other in both places are one place,
 * however long: a copy of ten lines counts once, and three copies count twice.
 *
 * @param {Source[]} sources
 */
function repeatedPlaces(sources) {
  const seen = new Set();
  let places = 0;
  for (const { text } of sources) {
    const lines = codeOf(text.replace(/^import [^;]*;$/gm, ""))
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.length > 0);
    /** Lines up to here belong to the place counted last. */
    let end = 0;
    for (let at = 0; at + 6 <= lines.length; at++) {
      const stretch = lines.slice(at, at + 6).join("\n");
      if (stretch.length <= 120) continue;
      if (seen.has(stretch)) {
        if (at >= end) places++;
        end = at + 6;
      }
      seen.add(stretch);
    }
  }
  return places;
}

/** Measures of a source tree. @param {Source[]} sources @returns {Record<string, number>} */
export function structureOf(sources) {
  const lines = sources.map(({ text }) => text.split("\n").length - 1);
  const outside = (/** @type {RegExp} */ folder) => sources.filter(({ path }) => !folder.test(path));
  const naming = (/** @type {Source[]} */ some, /** @type {RegExp} */ word) =>
    some.filter(({ text }) => word.test(codeOf(text))).length;
  return {
    "source files": sources.length,
    "lines of the median file": median(lines),
    "lines of the longest file": Math.max(...lines),
    "files that name a recipe field (median of seven fields)": median(
      fields.map((field) => naming(sources, new RegExp(`\\b${field}\\b`))),
    ),
    "files outside families/ that name a family or its parameters": naming(outside(/^src\/families\//), family),
    "files outside tasks/ that name a task": naming(outside(/^src\/(app\/)?tasks\//), task),
    "module-level let": sources.reduce(
      (sum, { text }) => sum + (codeOf(text).match(/^(export )?let /gm)?.length ?? 0),
      0,
    ),
    "places that repeat six lines of another": repeatedPlaces(sources),
  };
}

if (process.argv[1]?.endsWith("measure-structure.mjs")) {
  const revisions = process.argv.length > 2 ? process.argv.slice(2) : ["HEAD"];
  const all = revisions.map((revision) => structureOf(sourcesOf(revision)));
  console.log(`| | ${revisions.join(" | ")} |\n|---|${revisions.map(() => "---:|").join("")}`);
  for (const what of Object.keys(all[0] ?? {})) console.log(`| ${what} | ${all.map((one) => one[what]).join(" | ")} |`);
}
