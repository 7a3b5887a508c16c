import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ByteSource } from "../io/byte-source.ts";
import { checkpointName } from "../io/checkpoint-folder.ts";
import { fileSource } from "../io/node-file.ts";
import { isWeightFile } from "../io/weight-files.ts";
import { Problem } from "../problem/problem.ts";
import { openModel, type OpenedModel } from "../run/open-model.ts";

/** How many levels deep a checkpoint is searched for; "snapshots/COMMIT" and "checkpoint-N" are nearer. */
const DEEPEST = 3;
const MOST_FILES = 10_000;
/** Files of sentence-transformers, which has more in a folder below. */
const SENTENCE_FILES = ["modules.json", "1_Pooling"];
/** Folders in which no checkpoint is searched for. */
const SKIPPED_FOLDERS = /^(\..*|blobs|node_modules|__pycache__|runs|logs)$/;

/**
 * Opens a checkpoint folder, a folder around one (a Trainer's output, a repository of the Hugging Face cache) or a zip
 * of one. Notes on the checkpoint go to standard error.
 */
export async function openModelFolder(path: string): Promise<OpenedModel> {
  const opened = await openModel(await sourcesOf(path));
  for (const note of opened.summary.notes) console.error(`model: ${note}`);
  return opened;
}

/** The files of a checkpoint folder, or the zip of one. */
async function sourcesOf(path: string): Promise<ByteSource[]> {
  const files = await listed(path);
  return Promise.all(files.map(async ({ file, name }) => ({ ...(await fileSource(file)), name })));
}

/** What a checkpoint may be read from: other formats of weights can be larger than all that is read. */
const READ = /\.(safetensors|json|txt|model|jinja|zip)$/i;

/** Paths of the files that `openModelFolder` may read. */
export async function modelPaths(path: string): Promise<string[]> {
  return (await listed(path)).filter(({ name }) => READ.test(name)).map(({ file }) => file);
}

async function listed(path: string): Promise<Listed[]> {
  if (/\.zip$/i.test(path) && !(await isFolder(path))) return [{ file: path, name: basename(path) }];
  const top = await readdir(path).catch((error: unknown) => {
    throw new Problem({
      found: `The folder ${path} cannot be read.`,
      expected: "--model was expected to be a folder with config.json, model.safetensors and tokenizer.json.",
      remedy: "Check the path.",
      details: String(error),
    });
  });
  const isWhole = top.includes("config.json") && top.some(isWeightFile);
  // The checkpoint is named after its folder.
  const depth = !isWhole ? DEEPEST : top.some((name) => SENTENCE_FILES.includes(name)) ? 1 : 0;
  const files = await filesBelow(path, checkpointName(resolve(path).replaceAll("\\", "/")), depth);
  return Promise.all(files.map(async ({ file, name }) => ({ file: await linked(file), name })));
}

interface Listed {
  file: string;
  /** Path from the given folder on, separated by slashes. */
  name: string;
}

/** The files in a folder and in its subfolders, `depth` levels down; links are followed. */
async function filesBelow(folder: string, name: string, depth: number): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const entry of (await readdir(folder)).sort()) {
    const file = join(folder, entry);
    if (listed.length >= MOST_FILES) break;
    const info = await stat(file).catch(() => null);
    if (info?.isFile()) listed.push({ file, name: `${name}/${entry}` });
    else if (info?.isDirectory() && depth > 0 && !SKIPPED_FOLDERS.test(entry)) {
      listed.push(...(await filesBelow(file, `${name}/${entry}`, depth - 1)));
    } else if (info === null) await refuseBrokenLink(file);
  }
  return listed;
}

async function refuseBrokenLink(file: string): Promise<void> {
  const info = await lstat(file).catch(() => null);
  if (!info?.isSymbolicLink()) return;
  throw new Problem({
    found: `${basename(file)} is a link to ${await readlink(file)}, and there is no such file.`,
    remedy: "Copy the folder with its links followed (cp -rL), or download the model again.",
  });
}

/** The file that a link of the Hugging Face cache names where it was copied as text, as git does on Windows. */
async function linked(file: string): Promise<string> {
  const source = await fileSource(file);
  if (source.size > 300) return file;
  const text = new TextDecoder().decode(await source.slice(0, source.size)).trim();
  if (!/^(\.\.\/)+blobs\/[\w.-]+$/.test(text)) return file;
  const target = join(dirname(file), text);
  return (await stat(target).catch(() => null))?.isFile() ? target : file;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
