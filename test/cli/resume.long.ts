import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import { runProgram } from "./program.ts";
import { left, resumable, resume } from "./resumable.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";
import { watchProgram } from "./watched.ts";

const KILLS = 20;
let tiny: TinyFolder;

beforeAll(async () => {
  tiny = await tinyFolder();
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

describe("a run that is saved after each step", () => {
  it(`is killed ${KILLS} times at random moments, saves included, and leaves what an uninterrupted one does`, async () => {
    const whole = join(tiny.folder, "whole");
    expect((await runProgram(resumable(tiny, whole))).code).toBe(0);
    const random = createRandom(20);
    const out = join(tiny.folder, "killed");
    let options = resumable(tiny, out, "--save-every", "1steps");
    let kills = 0;
    while (!existsSync(join(out, "report.json"))) {
      const { child, seen, ended } = watchProgram(options);
      if (kills < KILLS) {
        await seen(/rows to train on|Going on/);
        await new Promise((resolve) => setTimeout(resolve, 200 + 600 * random()));
        const lock = join(out, "saves/lock");
        if (existsSync(lock)) process.kill(Number(readFileSync(lock, "utf8")), "SIGKILL");
        kills++;
      }
      const { stderr } = await ended;
      expect(stderr).not.toContain("Unexpected error");
      expect(child.killed).toBe(false);
      options = resume(out);
    }
    expect(kills).toBe(KILLS);
    expect(left(out)).toEqual(left(whole));
  });
});
