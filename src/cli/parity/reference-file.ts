import { existsSync } from "node:fs";
import { readAll, type ByteSource } from "../../io/byte-source.ts";
import { gunzip } from "../../io/gzip.ts";
import { fileSource } from "../../io/node-file.ts";

/**
 * A file of a reference folder. Where there is no such file it is unpacked from the same name with ".gz", as
 * test/reference keeps large ones. Throws a `Problem` where there is neither.
 */
export async function referenceFile(path: string): Promise<ByteSource> {
  const packed = `${path}.gz`;
  return !existsSync(path) && existsSync(packed) ? gunzip(await fileSource(packed)) : fileSource(path);
}

/** The value of a JSON file of a reference folder, found as by `referenceFile`. */
export async function referenceJson(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await readAll(await referenceFile(path))));
}
