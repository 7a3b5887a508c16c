import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Problem } from "../problem/problem.ts";
import { systemReason } from "./system-problem.ts";

/** What `fit` writes into its folder. */
const FILES = ["metrics.jsonl", "report.json", "report.html", "out-of-fold.csv", "label-issues.csv", "data-map.csv"];
const FOLDERS = ["model", "adapter", "baseline"];
/** What it writes into those, tokenizer files included. */
const MODEL_FILES = [
  ...["README.md", "config.json", "adapter_config.json", "recipe.json", "metrics.jsonl", "predictions.csv"],
  "test-predictions.csv",
  ...["model.safetensors", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"],
  ...["special_tokens_map.json", "added_tokens.json", "merges.txt", "vocab.json"],
];
/** What it keeps there while it trains, to go on after an interruption: see `RunSaves`. */
const SAVES = /^saves[\\/](save-\d+\.bin|run\.json(\.new)?|lock)$/;
/** What file managers leave in any folder. */
const LEFT_BY_SYSTEM = [".DS_Store", "Thumbs.db", "desktop.ini"];
const UNFINISHED = ".tabtune-unfinished-";

/**
 * The folder of a run. Files are written into a folder inside of it, and replace those of an earlier run once they are
 * complete: until then, and when the run fails, the folder stays as it was.
 */
export class RunFolder {
  private constructor(
    readonly path: string,
    private readonly unfinished: string,
    /** The outermost folder that was made for this run; it is removed when nothing is written. */
    private readonly made: string | undefined,
  ) {}

  /**
   * Makes the folder if there is none, and checks that it can be written. `inputs` are the paths that the run reads.
   * Throws a Problem where it cannot be written, or holds files that no run wrote or that this run reads.
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

  /** Where the events go; if the folder has a link of this name, they go where it leads. */
  get metrics(): string {
    return this.isLinked("metrics.jsonl") ? join(this.path, "metrics.jsonl") : this.at("metrics.jsonl");
  }

  /** Replaces what was there by what was written, completely or not at all. */
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

  /** Removes what was written and not committed. Never throws. */
  discard(): void {
    try {
      rmSync(this.unfinished, { recursive: true, force: true });
      if (this.made === undefined) return;
      // `rmdir` removes empty folders only.
      for (let folder = this.path; isWithin(folder, this.made); folder = dirname(folder)) rmdirSync(folder);
    } catch {
      // What cannot be removed stays.
    }
  }

  private isLinked(name: string): boolean {
    return lstatSync(join(this.path, name), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  }
}

/** Makes a folder and those above it; returns the outermost one that was made. (Node's own way hangs in /proc.) */
function makeFolder(folder: string): string | undefined {
  if (kindOf(folder) === "folder") return undefined;
  const outer = kindOf(dirname(folder)) === null ? makeFolder(dirname(folder)) : undefined;
  mkdirSync(folder);
  return outer ?? folder;
}

/** The path with links resolved, as far as it exists. */
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
    // A part of the path is a file; making the folder reports that.
    return null;
  }
}

/** The first entry of the folder that no run wrote. */
function foreignIn(folder: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (LEFT_BY_SYSTEM.includes(name) || name.startsWith(UNFINISHED)) continue;
    if (!entry.isDirectory()) {
      if (!FILES.includes(name)) return name;
      continue;
    }
    const isSaves = name === "saves";
    if (!isSaves && !FOLDERS.includes(name)) return name;
    const inside = readdirSync(join(folder, name), { withFileTypes: true });
    const isKnown = (own: string) =>
      LEFT_BY_SYSTEM.includes(own) || (isSaves ? SAVES.test(join(name, own)) : MODEL_FILES.includes(own));
    const foreign = inside.find((one) => one.isDirectory() || !isKnown(one.name));
    if (foreign) return join(name, foreign.name);
  }
  return undefined;
}

/** Whether a run that was killed left this folder. */
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
    remedy: "Choose another folder for --out, or change its permissions.",
    details,
  });
}
