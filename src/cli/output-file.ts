import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Problem } from "../problem/problem.ts";
import { print } from "./print.ts";
import { systemReason } from "./system-problem.ts";

/** Where the results of a command go. */
export interface Output {
  write(text: string): Promise<void>;
  /** To be called once all is written. */
  finish(): void;
  /** Removes what is not finished; of use at any time. */
  discard(): void;
}

const nothing = () => undefined;

/**
 * Opens a file that takes its name when it is whole, or standard output where none is named; devices are written as it
 * comes. `data` is the file that is read. Throws a Problem where the file cannot be written, before any work is done.
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
      expected: "--out was expected to be a file that can be written.",
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
