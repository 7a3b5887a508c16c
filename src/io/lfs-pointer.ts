import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";

const FIRST_LINE = "version https://git-lfs.github.com/spec/v1";
/** The Git LFS specification keeps pointers below this many bytes. */
const LARGEST_POINTER = 1024;

/** Whether these bytes are a Git LFS pointer: the few lines that git puts in place of a large file. */
function isLfsPointer(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, FIRST_LINE.length)) === FIRST_LINE;
}

/** Throws a `Problem` for a file that is a Git LFS pointer. */
export async function refuseLfsPointer(source: ByteSource): Promise<void> {
  if (source.size > LARGEST_POINTER || source.size < FIRST_LINE.length) return;
  const bytes = await source.slice(0, source.size);
  if (!isLfsPointer(bytes)) return;
  const size = /^size (\d+)$/m.exec(new TextDecoder().decode(bytes))?.[1];
  throw new Problem({
    found: `${source.name} is a Git LFS pointer: a few lines that stand for the file${size ? ` of ${Number(size).toLocaleString("en")} bytes` : ""}.`,
    expected: "The file itself was expected.",
    remedy: "Run git lfs pull in the folder it was cloned to, or download the file from the model's page.",
  });
}
