import { Problem } from "../../problem/problem.ts";
import { fileName } from "../save-file.ts";
import { keptRunFrom, type KeptRun } from "./kept-run.ts";

/** More than any run takes: what is larger is another file. */
const MOST_BYTES = 50_000_000;

/** A run as its file. */
export function runFile(run: KeptRun): File {
  const name = `${fileName(run.name) || "run"}.tabtune-run.json`;
  return new File([`${JSON.stringify(run, null, 1)}\n`], name, { type: "application/json" });
}

/** The run in a file. @throws {Problem} where there is none, or one of a later version */
export async function readRunFile(file: File): Promise<KeptRun> {
  if (file.size > MOST_BYTES) throw noRun(file.name, "is too large for a run.");
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch (error) {
    throw noRun(file.name, "is not JSON.", error instanceof Error ? error.message : String(error));
  }
  return keptRunFrom(value, file.name);
}

function noRun(name: string, why: string, details = ""): Problem {
  return new Problem({
    found: `${name} ${why}`,
    expected: "A file that “Export” in the list of runs wrote was expected.",
    remedy: "Choose a file whose name ends in .tabtune-run.json.",
    details,
  });
}
