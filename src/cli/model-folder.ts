import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileSource } from "../io/node-file.ts";
import { Problem } from "../problem/problem.ts";
import { openModel, type OpenedModel } from "../run/open-model.ts";

/** Opens a checkpoint folder, or a zip of one. */
export async function openModelFolder(path: string): Promise<OpenedModel> {
  if (path.endsWith(".zip")) return openModel([await fileSource(path)]);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw new Problem({
      found: `The folder ${path} cannot be read.`,
      expected: "--model was expected to be a folder with config.json, model.safetensors and tokenizer.json.",
      remedy: "Check the path.",
      details: String(error),
    });
  });
  const files = entries.filter((entry) => entry.isFile());
  // The folder's name is the checkpoint's.
  const folder = basename(resolve(path));
  const source = async (name: string) => ({ ...(await fileSource(join(path, name))), name: `${folder}/${name}` });
  return openModel(await Promise.all(files.map(({ name }) => source(name))));
}
