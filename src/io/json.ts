import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { readAll } from "./byte-source.ts";

/** The text of a UTF-8 file, without a byte order mark. */
export async function readText(source: ByteSource): Promise<string> {
  return new TextDecoder().decode(await readAll(source));
}

/** Parses JSON; throws a `Problem` that names the file. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem({
      found: text.trim() === "" ? `${file} is empty.` : `${file} cannot be read as JSON.`,
      expected: "A complete JSON file was expected.",
      remedy: "Download the file again; a page that was saved in its place or a cut-off download is the usual cause.",
      details: error instanceof Error ? error.message : String(error),
    });
  }
}
