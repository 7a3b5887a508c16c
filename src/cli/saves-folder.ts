import { open, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileSource } from "../io/node-file.ts";
import type { SaveFolder } from "../saves/save-folder.ts";

/** Saves in a folder on the disk, which is made with the first of them. */
export function diskFolder(path: string): SaveFolder {
  return {
    where: path,
    async list() {
      const names = await readdir(path).catch(() => [] as string[]);
      const sizes = names.map(async (name) => ({ name, bytes: (await stat(join(path, name))).size }));
      return Promise.all(sizes);
    },
    async write(name, pieces) {
      await mkdir(path, { recursive: true });
      const file = await open(join(path, name), "w");
      try {
        for await (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    open: (name) => fileSource(join(path, name)),
    remove: (name) => rm(join(path, name), { force: true }),
  };
}
