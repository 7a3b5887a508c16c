import { Problem } from "../problem/problem.ts";

/** Fetches one of the files that are shipped with the page; `onBytes` is told the bytes so far, and in all (0: unknown). */
export type FetchFile = (path: string, onBytes: (done: number, total: number) => void) => Promise<File>;

/**
 * @param path below the page's own address, e.g. "sample/sms-spam.csv"
 * @throws {Problem} when the server does not give it
 */
export async function fetchFile(path: string, onBytes: (done: number, total: number) => void): Promise<File> {
  const address = `${import.meta.env.BASE_URL}${path}`;
  const response = await fetch(address).catch((error: unknown) => {
    throw notFetched(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok || !response.body) throw notFetched(path, `HTTP ${response.status} for ${address}`);
  const total = Number(response.headers.get("content-length") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done: ended, value } = await reader.read();
    if (ended) break;
    parts.push(value);
    done += value.byteLength;
    onBytes(done, total);
  }
  return new File(parts, path.split("/").at(-1) ?? path);
}

function notFetched(path: string, details: string): Problem {
  return new Problem({
    found: `The file ${path} could not be fetched from this page's server.`,
    expected: "It is shipped with the page.",
    remedy: "Check the connection and try again, or choose files of your own.",
    details,
  });
}
