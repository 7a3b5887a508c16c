import { expect } from "vitest";
import { type ByteSource, readAll } from "../../src/io/byte-source.ts";
import { openZip } from "../../src/io/zip-in.ts";

/** Names and contents of the files in a zip, each byte as a character. */
export async function contents(zip: ByteSource): Promise<[string, string][]> {
  const sources = await openZip(zip);
  return Promise.all(
    sources.map(async (source): Promise<[string, string]> => {
      const text = Buffer.from(await readAll(source)).toString("latin1");
      expect(text.length).toBe(source.size);
      return [source.name, text];
    }),
  );
}
