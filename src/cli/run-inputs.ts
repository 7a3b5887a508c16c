import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileSource } from "../io/node-file.ts";
import { Problem } from "../problem/problem.ts";
import { hashOf } from "../saves/save-file.ts";
import { modelPaths } from "./model-folder.ts";

/** Options of `fit` whose values are files that it reads. */
const FILE_OPTIONS = [
  ...["data", "valid", "test", "recipe", "text-file", "earlier", "earlier-valid", "earlier-corpus", "edits"],
  ...["", "valid-", "test-", "earlier-", "earlier-valid-"].flatMap((file) => [`${file}labels`, `${file}label-names`]),
];

/** The paths that a run reads: its checkpoint, and all files of its options. */
export function inputPaths(values: Record<string, unknown>): string[] {
  return ["model", ...FILE_OPTIONS].map((name) => values[name]).filter((path) => typeof path === "string");
}

/** The options with paths that hold wherever the program is started. */
export function withWholePaths<Values extends Record<string, unknown>>(values: Values): Values {
  const whole: Record<string, unknown> = {};
  for (const name of ["model", ...FILE_OPTIONS]) {
    const path = values[name];
    if (typeof path === "string") whole[name] = resolve(path);
  }
  return { ...values, ...whole };
}

/** A file that a run reads, as it was when the run began. */
export interface InputFile {
  path: string;
  bytes: number;
  hash: string;
}

/** The files that a run reads, with hashes of their contents. */
export async function inputFiles(values: Record<string, unknown>): Promise<InputFile[]> {
  const { model, ...others } = values;
  const ofModel = typeof model === "string" ? await modelPaths(model) : [];
  const files: InputFile[] = [];
  for (const path of [...ofModel, ...inputPaths(others)]) {
    const source = await fileSource(resolve(path));
    files.push({ path: resolve(path), bytes: source.size, hash: await hashOf(source) });
  }
  return files;
}

/** Throws a Problem that names the first file that is not as it was. */
export async function checkInputs(files: readonly InputFile[]): Promise<void> {
  for (const { path, bytes, hash } of files) {
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw changed(path, "is not there any more");
    if (found.size !== bytes) throw changed(path, `had ${bytes} bytes and has ${found.size} now`);
    if ((await hashOf(await fileSource(path))) !== hash) throw changed(path, "has other contents now");
  }
}

function changed(path: string, what: string): Problem {
  return new Problem({
    found: `The file ${path} ${what}.`,
    expected: "A run goes on with the files that it began with.",
    remedy: "Put the file back as it was, or start a new run in another folder.",
  });
}
