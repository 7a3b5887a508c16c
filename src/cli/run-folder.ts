import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Problem } from "../problem/problem.ts";
import { systemReason } from "./system-problem.ts";

/** What `fit` writes into its folder. */
const FILES = ["metrics.jsonl", "report.json"];
const FOLDERS = ["model", "adapter"];
/** What it writes into those, and the tokenizer files that it passes on. */
const MODEL_FILES = [
  ...["README.md", "config.json", "adapter_config.json", "recipe.json", "metrics.jsonl", "predictions.csv"],
  ...["model.safetensors", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"],
  ...["special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"],
];
/** What file managers leave in any folder. */
const NOBODYS = [".DS_Store", "Thumbs.db", "desktop.ini"];
const UNFINISHED = ".tabtune-unfinished-";

/**
 * The folder of a run. All is written into a folder inside of it, and put in the place of an earlier run's files when
 * it is whole: until then, and when the run fails, the folder is as it was.
 */
export class RunFolder {
  private constructor(
    readonly path: string,
    private readonly unfinished: string,
    /** The outermost folder that was made for this run; it goes when nothing is written. */
    private readonly made: string | undefined,
  ) {}

  /**
   * Makes the folder where there is none, and checks that it can be written. `inputs` are the paths that the run reads.
   * Throws a Problem where it cannot be written, holds files that are not a run's, or holds what the run reads.
   */
  static open(path: string, inputs: readonly string[]): RunFolder {
    const folder = realPath(path);
    for (const input of inputs) {
      if (isWithin(realPath(input), folder)) throw holdsInput(path, input);
    }
    const kind = kindOf(folder);
    if (kind === "file") throw notWritable(path, "it is a file, not a folder");
    const foreign = kind === "folder" ? foreignIn(folder) : undefined;
    if (foreign !== undefined) throw holdsForeign(path, foreign);
    try {
      const made = makeFolder(folder);
      for (const name of readdirSync(folder).filter(isLeftOver)) rmSync(join(folder, name), { recursive: true });
      const unfinished = join(folder, `${UNFINISHED}${process.pid}`);
      mkdirSync(unfinished);
      return new RunFolder(folder, unfinished, made);
    } catch (error) {
      throw notWritable(path, systemReason(error), String(error));
    }
  }

  /** Where a file or folder of the run is to be written. */
  at(name: string): string {
    return join(this.unfinished, name);
  }

  /** Where the events go: a link that stands in the folder is written through. */
  get metrics(): string {
    return this.isLinked("metrics.jsonl") ? join(this.path, "metrics.jsonl") : this.at("metrics.jsonl");
  }

  /** Puts what was written in the place of what was there, whole or not at all. */
  commit(): void {
    const old = this.at("old");
    mkdirSync(old);
    const moved: [from: string, to: string][] = [];
    const move = (from: string, to: string) => {
      renameSync(from, to);
      moved.push([from, to]);
    };
    try {
      for (const name of [...FILES, ...FOLDERS]) {
        const place = join(this.path, name);
        if (kindOf(place) !== null && !this.isLinked(name)) move(place, join(old, name));
      }
      for (const name of readdirSync(this.unfinished)) {
        if (name !== "old") move(this.at(name), join(this.path, name));
      }
    } catch (error) {
      for (const [from, to] of moved.reverse()) renameSync(to, from);
      throw error;
    }
    rmSync(this.unfinished, { recursive: true });
  }

  /** Removes what was written; after `commit` there is nothing to remove. Never throws. */
  discard(): void {
    try {
      rmSync(this.unfinished, { recursive: true, force: true });
      if (this.made === undefined) return;
      // Only folders that are empty go.
      for (let folder = this.path; isWithin(folder, this.made); folder = dirname(folder)) rmdirSync(folder);
    } catch {
      // What cannot be removed stays.
    }
  }

  private isLinked(name: string): boolean {
    return lstatSync(join(this.path, name), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  }
}

/** Makes a folder and those above it; returns the outermost one that was made. (Node's own way never ends in /proc.) */
function makeFolder(folder: string): string | undefined {
  if (kindOf(folder) === "folder") return undefined;
  const outer = kindOf(dirname(folder)) === null ? makeFolder(dirname(folder)) : undefined;
  mkdirSync(folder);
  return outer ?? folder;
}

/** The path without links; what does not exist yet is taken from the folder that does. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(realPath(parent), basename(whole));
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function kindOf(path: string): "file" | "folder" | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : found.isDirectory() ? "folder" : "file";
  } catch {
    // Something on the way to it is a file: making the folder says so.
    return null;
  }
}

/** The first name in the folder that no run wrote. */
function foreignIn(folder: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (NOBODYS.includes(name) || name.startsWith(UNFINISHED)) continue;
    if (!entry.isDirectory()) {
      if (!FILES.includes(name)) return name;
      continue;
    }
    if (!FOLDERS.includes(name)) return name;
    const inside = readdirSync(join(folder, name), { withFileTypes: true });
    const known = [...MODEL_FILES, ...NOBODYS];
    const foreign = inside.find((one) => one.isDirectory() || !known.includes(one.name));
    if (foreign) return join(name, foreign.name);
  }
  return undefined;
}

/** Whether it is what a run that was killed has left. */
function isLeftOver(name: string): boolean {
  if (!name.startsWith(UNFINISHED)) return false;
  try {
    process.kill(Number(name.slice(UNFINISHED.length)), 0);
    return false;
  } catch {
    return true;
  }
}

function holdsInput(out: string, input: string): Problem {
  return new Problem({
    found: `The folder ${out} holds ${input}, which this run reads.`,
    expected: "--out was expected to be a folder of its own.",
    remedy: "Choose another folder for --out.",
  });
}

function holdsForeign(out: string, name: string): Problem {
  return new Problem({
    found: `The folder ${out} holds ${name}, which is not a file of a run.`,
    expected: "--out was expected to be a new folder, or that of an earlier run, whose files are replaced.",
    remedy: "Choose another folder for --out, or move that file.",
  });
}

function notWritable(out: string, reason: string, details = ""): Problem {
  return new Problem({
    found: `The folder ${out} cannot be written: ${reason}.`,
    expected: "--out was expected to be a folder that can be made and written.",
    remedy: "Choose another folder for --out, or change its permissions.",
    details,
  });
}
