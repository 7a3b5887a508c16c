import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { ByteSource } from "./byte-source.ts";
import { Problem } from "../problem/problem.ts";

/** A source over a file on disk, for Node only; throws a `Problem` where there is no readable file. */
export async function fileSource(path: string): Promise<ByteSource> {
  const info = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!info.isFile()) throw unreadable(path, "not a file");
  return {
    name: basename(path),
    size: info.size,
    async slice(start, end) {
      // The file is opened for each slice, so that a source need not be closed.
      const handle = await open(path).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      try {
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length;) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw unreadable(path, `ended at byte ${start + done} of ${info.size}`);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    },
  };
}

function unreadable(path: string, cause: unknown): Problem {
  return new Problem({
    found: `The file ${path} could not be read.`,
    remedy: "Check the spelling of the path and the permissions of the file.",
    details: cause instanceof Error ? cause.message : String(cause),
  });
}
