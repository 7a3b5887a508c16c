import { Problem } from "../../problem/problem.ts";

/** What a SentencePiece model file says; pieces in the order of their ids. */
interface SentencePieceFile {
  pieces: { piece: string; score: number; kind: number }[];
  /** Its map of characters; empty where it has none. */
  charsmap: Uint8Array;
  unknownId: number;
}

/** Kinds of pieces. */
export const CONTROL = 3;
export const USER_DEFINED = 4;

const NORMAL = 1;
const UNIGRAM = 1;
const modelTypes = ["", "Unigram", "BPE", "word", "character"];

/** A field of a protobuf message: a number, or the bytes of a text, a message or a float. */
type Field = { number: number; value: number } | { number: number; bytes: Uint8Array };

/**
 * Reads a SentencePiece model (`sentencepiece_model.proto`), whose messages are protobuf.
 *
 * @param name file name, for the error
 * @throws Problem for a broken file and for models that are not of type Unigram
 */
export function readSentencePiece(bytes: Uint8Array, name: string): SentencePieceFile {
  const found: SentencePieceFile = { pieces: [], charsmap: new Uint8Array(), unknownId: 0 };
  let type = UNIGRAM;
  try {
    for (const field of fieldsOf(bytes)) {
      if (!("bytes" in field)) continue;
      if (field.number === 1) found.pieces.push(readPiece(field.bytes));
      if (field.number === 2) {
        for (const setting of fieldsOf(field.bytes)) {
          if (setting.number === 3 && "value" in setting) type = setting.value;
          if (setting.number === 40 && "value" in setting) found.unknownId = setting.value;
        }
      }
      if (field.number === 3) {
        for (const setting of fieldsOf(field.bytes)) {
          if (setting.number === 2 && "bytes" in setting) found.charsmap = setting.bytes;
        }
      }
    }
  } catch (error) {
    throw unreadable(name, String(error));
  }
  if (found.pieces.length === 0) throw unreadable(name, "It has no pieces.");
  if (type !== UNIGRAM) throw otherType(name, modelTypes[type] ?? String(type));
  return found;
}

function readPiece(bytes: Uint8Array): SentencePieceFile["pieces"][number] {
  const read = { piece: "", score: 0, kind: NORMAL };
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1 && "bytes" in field) read.piece = new TextDecoder().decode(field.bytes);
    if (field.number === 2 && "bytes" in field) read.score = floatOf(field.bytes);
    if (field.number === 3 && "value" in field) read.kind = field.value;
  }
  return read;
}

function floatOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(0, true);
}

/** The fields of a protobuf message in order. Throws where it ends within one. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 2 ** 63) throw new Error(`The file ends within a number, at byte ${at}.`);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error(`The file ends within a field, at byte ${at}.`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = number();
    const field = { number: Math.floor(key / 8) };
    const wire = key % 8;
    if (wire === 0) yield { ...field, value: number() };
    else if (wire === 1) yield { ...field, bytes: take(8) };
    else if (wire === 2) yield { ...field, bytes: take(number()) };
    else if (wire === 5) yield { ...field, bytes: take(4) };
    else throw new Error(`There is no field of type ${wire}.`);
  }
}

function unreadable(name: string, details: string): Problem {
  return new Problem({
    found: `${name} is no SentencePiece model, or it is cut off.`,
    expected: "A model as SentencePiece writes it was expected, since there is no tokenizer.json.",
    remedy:
      "Download it again, or make a tokenizer.json in Python: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).",
    details,
  });
}

function otherType(name: string, type: string): Problem {
  return new Problem({
    found: `${name} is a SentencePiece model of type ${type}.`,
    expected: "Models of type Unigram are read where there is no tokenizer.json.",
    remedy: "Make a tokenizer.json in Python: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).",
  });
}
