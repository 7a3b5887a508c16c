import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openModelFolder } from "../../src/cli/model-folder.ts";
import { readAll } from "../../src/io/byte-source.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { checkpointFiles, tinyConfig, tinyTensors } from "../model/tiny-checkpoint.ts";

let root: string;
const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
const words = () => said.mock.calls.flat().join("\n");

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tabtune-folder-"));
  said.mockClear();
});
afterEach(() => rm(root, { recursive: true }));

/** Writes the tiny checkpoint, with its number of labels as a mark to know it by. */
async function write(path: string, mark: string, without: string[] = []): Promise<void> {
  const folder = join(root, path);
  await mkdir(folder, { recursive: true });
  const id2label = { "0": mark, "1": "b", "2": "c" };
  for (const file of await checkpointFiles(await tinyTensors(), { config: tinyConfig({ id2label }) })) {
    if (!without.includes(file.name)) await writeFile(join(folder, file.name), await readAll(file));
  }
}

const opened = async (path: string) => (await openModelFolder(join(root, path))).summary;

describe("a repository of the Hugging Face cache", () => {
  /** The files as blobs, each snapshot of links to them. */
  async function cache(name: string, snapshots: Record<string, string>, main?: string): Promise<void> {
    for (const [commit, mark] of Object.entries(snapshots)) {
      await write(`${name}/snapshots/${commit}`, mark);
      await mkdir(join(root, name, "blobs"), { recursive: true });
      for (const file of ["config.json", "tokenizer.json", "model.safetensors"]) {
        const [link, blob] = [join(root, name, "snapshots", commit, file), `${commit}${file.length}`];
        await rename(link, join(root, name, "blobs", blob));
        await symlink(join("..", "..", "blobs", blob), link);
      }
    }
    if (main === undefined) return;
    await mkdir(join(root, name, "refs"));
    await writeFile(join(root, name, "refs", "main"), `${main}\n`);
  }

  it("opens by the folder of a snapshot, under the repository's name", async () => {
    await cache("models--org--nice-bert", { abc: "x" });
    expect(await opened("models--org--nice-bert/snapshots/abc")).toMatchObject({ name: "nice-bert", notes: [] });
  });

  it("opens by its root: the only snapshot, or that of refs/main", async () => {
    await cache("models--nice-bert", { abc: "x" });
    expect(await opened("models--nice-bert")).toMatchObject({ name: "nice-bert", labelNames: ["x", "b", "c"] });
    await cache("models--org--two", { aaa: "old", bbb: "new", ccc: "newest" }, "bbb");
    expect(await opened("models--org--two")).toMatchObject({ name: "two", labelNames: ["new", "b", "c"] });
    expect(words()).toContain("snapshot bbb, which refs/main names");
  });

  it("says which snapshots there are where nothing names one", async () => {
    await cache("models--org--two", { aaa: "old", bbb: "new" });
    expect((await thrownBy(opened("models--org--two"))).found).toContain("2 snapshots: aaa, bbb");
  });

  it("names a link whose blob is gone", async () => {
    await cache("models--org--gone", { abc: "x" });
    await rm(join(root, "models--org--gone", "blobs"), { recursive: true });
    const { found, remedy } = await thrownBy(opened("models--org--gone/snapshots/abc"));
    expect(found).toMatch(/is a link to .*blobs.* no such file/);
    expect(remedy).toContain("cp -rL");
  });

  it("follows links that were copied as text", async () => {
    await write("copied/snapshots/abc", "x");
    await mkdir(join(root, "copied/blobs"));
    const file = join(root, "copied/snapshots/abc/model.safetensors");
    await rename(file, join(root, "copied/blobs/0a1b"));
    await writeFile(file, "../../blobs/0a1b");
    expect((await opened("copied/snapshots/abc")).labelNames).toEqual(["x", "b", "c"]);
  });
});

describe("a Trainer's output folder", () => {
  it("opens its newest checkpoint by number, not by name, and says so", async () => {
    for (const steps of ["500", "1500", "90"]) await write(`out/checkpoint-${steps}`, `after ${steps}`);
    await writeFile(join(root, "out/trainer_state.json"), "{}");
    expect((await opened("out")).labelNames?.[0]).toBe("after 1500");
    expect(words()).toContain("checkpoint-1500, the newest of 3 checkpoints");
  });

  it("opens the final model where there is one beside the checkpoints", async () => {
    await write("out", "final");
    await write("out/checkpoint-500", "early");
    expect((await opened("out")).labelNames?.[0]).toBe("final");
    expect(words()).toBe("");
  });

  it("takes the tokenizer from the folder around a checkpoint that has none", async () => {
    await write("out/checkpoint-2000", "late", ["tokenizer.json"]);
    await cp(join(root, "out/checkpoint-2000/config.json"), join(root, "out/config.json"));
    await write("plain", "x");
    await cp(join(root, "plain/tokenizer.json"), join(root, "out/tokenizer.json"));
    expect((await opened("out")).labelNames?.[0]).toBe("late");
    expect(words()).toContain("Read from checkpoint-2000.");
  });

  it("passes over a checkpoint that was cut off before its weights", async () => {
    await write("out/checkpoint-10", "whole");
    await write("out/checkpoint-20", "cut", ["model.safetensors"]);
    expect((await opened("out")).labelNames?.[0]).toBe("whole");
  });
});
