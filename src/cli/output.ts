import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Problem } from "../problem/problem.ts";
import { systemReason } from "./system-problem.ts";

/** Where the results of a command go. */
export interface Output {
  write(text: string): Promise<void>;
  /** Called once everything is written. */
  finish(): void;
  /** Removes an unfinished file; may be called at any time. */
  discard(): void;
}

const nothing = () => undefined;

/**
 * Opens the file of `--out`, which gets its name only once it is complete, or standard output without `--out`. A device
 * is written directly. `data` is the file that is read. Throws a Problem before any work is done where the file cannot
 * be written.
 */
export function openOutput(out: string | undefined, data: string): Output {
  if (out === undefined) return { write: print, finish: nothing, discard: nothing };
  try {
    const exists = existsSync(out);
    const place = exists ? realpathSync(out) : out;
    if (exists && place === realpathSync(data)) throw new Error("it is the file of --data");
    if (exists && statSync(place).isDirectory()) throw new Error("it is a folder, not a file");
    return exists && !statSync(place).isFile() ? openDevice(place) : openFile(place);
  } catch (error) {
    const reason = error instanceof Error && !("code" in error) ? error.message : systemReason(error);
    throw new Problem({
      found: `${out} cannot be written: ${reason}.`,
      remedy: "Choose another file for --out.",
    });
  }
}

function openFile(place: string): Output {
  const unfinished = `${place}.unfinished-${process.pid}`;
  const file = openSync(unfinished, "w");
  return {
    write: (text) => Promise.resolve(writeFileSync(file, text)),
    finish() {
      closeSync(file);
      renameSync(unfinished, place);
    },
    discard: () => rmSync(unfinished, { force: true }),
  };
}

function openDevice(place: string): Output {
  const file = openSync(place, "w");
  return {
    write: (text) => Promise.resolve(writeFileSync(file, text)),
    finish: () => closeSync(file),
    discard: nothing,
  };
}

/**
 * Writes to standard output and waits until the reader has taken it, so that a slow reader sets the pace and nothing is
 * lost when the program ends. Rejects when the reader has gone.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
