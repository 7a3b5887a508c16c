import { Problem } from "../problem/problem.ts";
import { readAll, refuseLfsPointer, type ByteSource } from "./byte-source.ts";

/** The largest text file of a checkpoint that is read; a tokenizer.json of 500,000 tokens has about 50 MB. */
const LARGEST_TEXT = 256 * 2 ** 20;

/** Reads a UTF-8 file of a checkpoint, without its byte order mark. Throws a `Problem` for a Git LFS pointer. */
export async function readText(source: ByteSource, largest = LARGEST_TEXT): Promise<string> {
  await refuseLfsPointer(source);
  if (source.size > largest) {
    throw new Problem({
      found: `${source.name} has ${source.size.toLocaleString("en")} bytes.`,
      expected: `${source.name} was expected to have at most ${largest.toLocaleString("en")} bytes.`,
      remedy: "Take the file from the model's page.",
    });
  }
  return new TextDecoder().decode(await readAll(source));
}

/** Parses JSON; throws a `Problem` that names the file. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem({
      found: text.trim() === "" ? `${file} is empty.` : `${file} cannot be read as JSON.`,
      remedy: "Download the file again; a page that was saved in its place or a cut-off download is the usual cause.",
      details: error instanceof Error ? error.message : String(error),
    });
  }
}
