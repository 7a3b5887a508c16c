import { decodeBytes } from "./decode.ts";

/** An encoding with the confidence of the guess, 0 to 1. */
interface EncodingGuess {
  encoding: string;
  confidence: number;
}

/** Below this confidence an encoding is shown as doubtful, and Windows-1252 is used. */
export const DOUBTFUL = 0.6;

/** Names of jschardet that are not WHATWG labels, with what TextDecoder calls the encoding or one that contains it. */
const names = new Map([
  ["cp932", "shift_jis"],
  ["cp949", "euc-kr"],
  ["cp874", "windows-874"],
  ["tis-620", "windows-874"],
  ["big5hkscs", "big5"],
  ["macroman", "macintosh"],
  ["maccyrillic", "x-mac-cyrillic"],
  ["iso2022-jp-2", "iso-2022-jp"],
  ["iso2022-jp-ext", "iso-2022-jp"],
  ["iso2022-jp-2004", "iso-2022-jp"],
  ["shift_jis_2004", "shift_jis"],
  ["euc-jis-2004", "euc-jp"],
  ["cp1125", "ibm866"],
  ["iso-8859-8", "windows-1255"],
]);

/** Non-ASCII letters of languages whose encodings differ in few letters; other letters are evidence against the guess. */
const alphabets = new Map([
  ["cs", "áčďéěíňóřšťúůýž"],
  ["sk", "áäčďéíĺľňóôŕšťúýž"],
  ["pl", "ąćęłńóśźż"],
  ["hu", "áéíóöőúüű"],
  ["ro", "ăâîșțşţ"],
  ["hr", "čćđšž"],
  ["sl", "čšž"],
  ["tr", "çğıöşüâîûi\u0307"],
  ["lt", "ąčęėįšųūž"],
  ["lv", "āčēģīķļņšūž"],
  ["et", "äöõüšž"],
  ["fr", "àâæçéèêëîïôœùûüÿ"],
  ["de", "äöüßé"],
  ["es", "áéíñóúü"],
  ["pt", "áâãàçéêíóôõúü"],
  ["it", "àèéìíòóùú"],
  ["sv", "åäöé"],
  ["da", "æøåé"],
  ["no", "æøåéòô"],
  ["fi", "äöåšž"],
  ["is", "áæðéíóöþúý"],
  ["ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"],
  ["bg", "абвгдежзийклмнопрстуфхцчшщъьюя"],
  ["uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"],
  ["be", "абвгдеёжзійклмнопрстуўфхцчшыьэюя"],
  ["sr", "абвгдђежзијклљмнњопрстћуфхцчџш"],
  ["mk", "абвгдѓежзѕијклљмнњопрстќуфхцчџш"],
]);

/** The penalty of a guess when every non-ASCII character is out of place. */
const MISFIT_WEIGHT = 4;
/** Guesses within this share of the best count as equal; the order below then decides. */
const AS_GOOD = 0.03;
/** The most common first: among encodings that give the same text the first is named. */
const preferred = ["windows-1252", "gbk", "windows-1251", "windows-1250", "windows-1253", "windows-1254"];

/**
 * Guesses the encoding of bytes that are not UTF-8, best from lines with non-ASCII letters. jschardet ranks the
 * candidates; those that the platform cannot decode, or whose text has letters out of place, are ruled out. Below
 * `DOUBTFUL` the result is Windows-1252 with the confidence reached.
 */
export async function guessLegacyEncoding(bytes: Uint8Array): Promise<EncodingGuess> {
  const { detectAll } = await import("jschardet");
  const candidates = new Map<string, { encoding: string; text: string; score: number }>();
  for (const { encoding: name, confidence, language } of detectAll(bytes, { minimumThreshold: 0.02 })) {
    const encoding = name === null ? null : platformName(name, bytes);
    const text = encoding === null ? null : tryDecode(bytes, encoding);
    if (encoding === null || text === null || candidates.has(encoding)) continue;
    const score = confidence * Math.max(0, 1 - MISFIT_WEIGHT * misfits(text, language ?? ""));
    candidates.set(encoding, { encoding, text, score });
  }
  const ranked = [...candidates.values()].sort((a, b) => b.score - a.score);
  const [first] = ranked;
  if (first === undefined || first.score <= 0) return { encoding: "windows-1252", confidence: 0 };
  const asGood = ranked.filter(({ score }) => score >= first.score * (1 - AS_GOOD));
  const rank = (encoding: string) => {
    const place = preferred.indexOf(encoding);
    return place === -1 ? preferred.length + Number(!encoding.startsWith("windows-")) : place;
  };
  const chosen = asGood.reduce((best, next) => (rank(next.encoding) < rank(best.encoding) ? next : best));
  const rival = ranked.find(({ text }) => text !== chosen.text)?.score ?? 0;
  const confidence = confidenceOf(chosen.text, chosen.score, rival);
  return confidence < DOUBTFUL ? { encoding: "windows-1252", confidence } : { encoding: chosen.encoding, confidence };
}

/** The confidence, from the lead over the next guess with another text and the number of characters that differ. */
function confidenceOf(text: string, score: number, rival: number): number {
  const evidence = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  const lead = (score - rival) / score;
  const enough = evidence / (evidence + 2);
  return Math.min(0.99, enough * (0.6 + 0.4 * Math.min(1, 4 * lead)) + (evidence >= 8 ? 0.05 : 0));
}

/** The WHATWG name of an encoding, lower case; null for what no browser decodes. */
function platformName(name: string, bytes: Uint8Array): string | null {
  const label = name.toLowerCase();
  try {
    const { encoding } = new TextDecoder(names.get(label) ?? label);
    if (encoding !== "gb18030") return encoding;
    return hasFourByteCharacters(bytes) ? "gb18030" : "gbk";
  } catch {
    return null;
  }
}

/** GB18030 has characters of four bytes, whose second is a digit; GBK has none. */
function hasFourByteCharacters(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length - 1; at++) {
    if ((bytes[at] ?? 0) <= 0x80) continue;
    const second = bytes[++at] ?? 0;
    if (second >= 0x30 && second <= 0x39) return true;
  }
  return false;
}

function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return decodeBytes(bytes, encoding, { fatal: true });
  } catch {
    return null;
  }
}

/** Share of the non-ASCII characters that are out of place in a text of this encoding. */
function misfits(text: string, language: string): number {
  let count = 0;
  let misfit = 0;
  const alphabet = alphabets.get(language);
  const characters = [...text];
  characters.forEach((character, place) => {
    if (character <= "\u007f") return;
    count++;
    if (isMisfit(character, characters[place - 1] ?? "", characters[place + 1] ?? "", alphabet)) misfit++;
  });
  return count === 0 ? 0 : misfit / count;
}

function isMisfit(character: string, before: string, after: string, alphabet: string | undefined): boolean {
  if (/[\p{C}\ufffd]/u.test(character)) return true;
  // Ideographs and syllables may follow each other.
  if (/[\p{Script=Han}\p{Script=Hangul}]/u.test(character)) return before <= "\u007f" && after <= "\u007f";
  const isLetter = /\p{L}/u.test(character);
  // A wrong encoding turns letters into symbols beside letters and capitals within words.
  if (!isLetter) return /[\p{S}¶§]/u.test(character) && (/\p{L}/u.test(before) || /[^\P{L}a-zA-Z]/u.test(after));
  // Words are of one script.
  if (/\P{Script=Latin}/u.test(character) && (/[a-z]/i.test(before) || /[a-z]/i.test(after))) return true;
  if (/\p{Lu}/u.test(character) && /\p{Ll}/u.test(before)) return true;
  return alphabet !== undefined && !alphabet.includes(character.toLowerCase());
}
