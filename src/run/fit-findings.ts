import type { Finding } from "../data/summary.ts";
import { percent } from "../recipe/wording.ts";
import type { CheckpointFit } from "../tokenize/checkpoint-fit.ts";

/** Scripts that put no spaces between words, so that pieces per word say nothing. */
const WITHOUT_SPACES = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"];
/** Fewer words of a script are no sign of anything. */
const LEAST_WORDS = 50;

/** What of a checkpoint and a recipe decides what is said. */
interface ReadBy {
  lowercase: boolean;
  maxPositions: number;
  readsWindows: boolean;
}

/** What a person should know of texts that a checkpoint's tokenizer fits badly, each with a suggestion. */
export function fitFindings(fit: CheckpointFit, by: ReadBy): Finding[] {
  return [
    ...strangeScripts(fit),
    ...unknownTokens(fit),
    ...manyPieces(fit),
    ...otherCase(fit, by),
    ...beyondPositions(fit, by),
  ].map((said) => ({ id: "checkpoint-fit" as const, severity: "warning", tableRows: [], ...said }) as const);
}

type Said = Pick<Finding, "text" | "remedy"> & { severity?: "note"; id?: "beyond-positions" };

const isStrange = ({ words }: CheckpointFit, script: CheckpointFit["scripts"][number]) =>
  script.share >= 0.1 &&
  script.share * words >= LEAST_WORDS &&
  (script.unknown > 0.5 || (script.piecesPerLetter > 0.6 && !WITHOUT_SPACES.includes(script.script)));

function strangeScripts(fit: CheckpointFit): Said[] {
  return fit.scripts
    .filter((script) => isStrange(fit, script))
    .map(({ script, share, unknown }) => ({
      text: `${percent(share)} of the words are ${script}, which this checkpoint's tokenizer ${unknown > 0.5 ? "does not know" : "knows only letter by letter"}.`,
      remedy: "Choose a multilingual checkpoint, or one for the language of the texts.",
    }));
}

function unknownTokens(fit: CheckpointFit): Said[] {
  const { unknownShare, unknownWords } = fit;
  if (unknownShare === null || unknownShare < 0.01 || fit.scripts.some((script) => isStrange(fit, script))) return [];
  const some = unknownWords.slice(0, 5).map(({ word }) => `“${word}”`);
  return [
    {
      text: `${percent(unknownShare)} of the tokens are unknown to this checkpoint, most often in ${some.join(", ")}.`,
      remedy:
        "What such words say is lost: choose a checkpoint whose tokenizer knows them, or clean the texts (cleanHtml, cleanUnicode) where they are leftovers.",
    },
  ];
}

function manyPieces(fit: CheckpointFit): Said[] {
  const [most] = fit.scripts;
  const isSpaceless = most !== undefined && WITHOUT_SPACES.includes(most.script);
  if (fit.words < LEAST_WORDS || isSpaceless || fit.piecesPerWord <= 2.2) return [];
  if (fit.scripts.some((script) => isStrange(fit, script))) return [];
  return [
    {
      text: `A word takes ${fit.piecesPerWord.toFixed(1)} pieces of the tokenizer; 1.1 to 1.7 is usual for the language that a checkpoint is for.`,
      remedy:
        "Check that the checkpoint is for the language and the field of the texts; else texts are longer in tokens, and words are learned from pieces.",
    },
  ];
}

function otherCase({ capitals, words }: CheckpointFit, { lowercase }: ReadBy): Said[] {
  if (words < LEAST_WORDS) return [];
  if (lowercase && capitals > 0.15) {
    return [
      {
        severity: "note",
        text: `${percent(capitals)} of the letters are capitals, and this checkpoint reads all letters as small ones (uncased).`,
        remedy: "Where capitals mean something, such as shouting or names, choose a cased checkpoint.",
      },
    ];
  }
  if (lowercase || capitals <= 0.5) return [];
  return [
    {
      text: `${percent(capitals)} of the letters are capitals, which a cased checkpoint has seldom read.`,
      remedy: "Choose an uncased checkpoint, or write the texts in small letters before the file is opened.",
    },
  ];
}

function beyondPositions({ beyondPositions: share }: CheckpointFit, { maxPositions, readsWindows }: ReadBy): Said[] {
  if (readsWindows || share < 0.05) return [];
  return [
    {
      id: "beyond-positions",
      text: `${percent(share)} of the texts are longer than the ${maxPositions} tokens that this checkpoint can read.`,
      remedy:
        "Their ends are not read: read long texts in windows (longTexts=windows), or choose a checkpoint for long texts.",
    },
  ];
}
