import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { array, boolean, literal, number, object, record, safeParse, string, unknown } from "valibot";
import type { TileSpeed } from "../gpu/device.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import type { RunSaver, RunState } from "../run/saved-run.ts";
import { tileSpeedSchema } from "../run/tune.ts";
import { SaveClock, type SaveInterval } from "../saves/save-interval.ts";
import { Saves } from "../saves/saves.ts";
import type { InputFile } from "./run-inputs.ts";
import { diskFolder } from "./saves-folder.ts";

/** Folder of the saves in that of a run. */
const SAVES = "saves";
const RECORD = "run.json";
const LOCK = "lock";

/** What computed a run, where that decides the last bits of its numbers. */
export interface RunMachine {
  backend: string;
  adapter: string;
  /** Speeds of the GPU's tiles, by which products choose theirs; empty off the GPU. */
  tiles: TileSpeed[];
}

/** What a run needs beside its state to go on: how it was started, and with which files. */
interface RunRecord {
  version: 1;
  /** Options of the command, with whole paths. */
  options: Record<string, unknown>;
  files: InputFile[];
  machine: RunMachine;
  /** Whether a person stopped the run, whose results are written. */
  stopped: boolean;
}

const recordSchema = object({
  version: literal(1),
  options: record(string(), unknown()),
  files: array(object({ path: string(), bytes: number(), hash: string() })),
  machine: object({ backend: string(), adapter: string(), tiles: array(tileSpeedSchema) }),
  stopped: boolean(),
});

/** The saves of a run of `fit`, in OUT/saves. While it runs, a lock there names its process. */
export class RunSaves {
  private readonly path: string;
  private readonly saves: Saves;
  private known: RunRecord | null = null;
  private hasTold = false;

  private constructor(private readonly out: string) {
    this.path = join(out, SAVES);
    this.saves = new Saves(diskFolder(this.path));
  }

  /** Takes the lock. Throws a Problem where a process that is alive has it. */
  static open(out: string): RunSaves {
    const own = new RunSaves(out);
    const holder = own.holder;
    if (holder !== null) {
      throw new Problem({
        found: `The process ${holder} trains in ${out} now.`,
        expected: "A folder is written by one run at a time.",
        remedy: "Wait for its end, or stop it.",
      });
    }
    mkdirSync(own.path, { recursive: true });
    writeFileSync(join(own.path, LOCK), `${process.pid}`);
    return own;
  }

  /** The run that was begun here; null where there is none of this version. */
  static recordIn(out: string): RunRecord | null {
    const path = join(out, SAVES, RECORD);
    if (!existsSync(path)) return null;
    try {
      const { success, output } = safeParse(recordSchema, JSON.parse(readFileSync(path, "utf8")));
      return success ? output : null;
    } catch {
      return null;
    }
  }

  /** Throws a Problem where a run that was cut off can go on here: its saves would be lost. */
  async refuseUnfinished(): Promise<void> {
    const { step } = (await this.saves.facts()) ?? {};
    if (step === undefined || RunSaves.recordIn(this.out)?.stopped) return;
    this.release();
    throw new Problem({
      found: `The folder ${this.out} has a run that was cut off after at least ${counted(step, "step")}.`,
      expected: "A new run would replace it.",
      remedy: `To go on with it: fit --resume ${this.out}. To start anew, remove ${this.path} or choose another folder.`,
    });
  }

  /** Begins to keep a run, and removes what is there of an earlier one. */
  async begin(started: Pick<RunRecord, "options" | "files" | "machine">): Promise<void> {
    await this.saves.clear();
    this.write({ version: 1, ...started, stopped: false });
  }

  /** The state to go on from; null where nothing was saved yet. Says which saves are damaged. */
  async latest(): Promise<RunState | null> {
    this.known = RunSaves.recordIn(this.out);
    const latest = await this.saves.latest();
    for (const name of latest?.damaged ?? []) console.error(`warning: ${join(this.path, name)} is damaged.`);
    // A save of this version is of a state of this version.
    return latest && (latest.state as RunState);
  }

  /** Saves when it is due. Where that fails it is said, and the run goes on. */
  saver(interval: SaveInterval): RunSaver {
    const clock = new SaveClock(interval, { stretches: false, now: () => performance.now() });
    return {
      isDue: (moment, step) => clock.isDue(moment, step),
      latest: () => this.latest(),
      save: async (state) => {
        const began = performance.now();
        const { step } = state.training;
        const plan = state.history.find((event) => event.type === "plan");
        try {
          await this.saves.save(state, { savedAt: Date.now(), step, steps: plan?.steps ?? null });
          this.tell(step);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          console.error(`warning: ${error.message}`);
        }
        clock.saved(step, performance.now() - began);
      },
    };
  }

  /** The run has ended, and what it left is written: nothing has to go on. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** The run was stopped: its saves stay, for those who want to go on. Returns whether there are any. */
  async keep(): Promise<boolean> {
    const hasSaves = (await this.saves.facts()) !== null;
    if (!hasSaves) this.remove();
    else if (this.known) this.write({ ...this.known, stopped: true });
    this.release();
    return hasSaves;
  }

  /** The program ends at once: what is saved stays. Never throws. */
  abandon(): void {
    try {
      if (!readdirSync(this.path).some((name) => name.startsWith("save-"))) this.remove();
    } catch {
      // What cannot be removed stays.
    }
    this.release();
  }

  /** Lets other processes go on here. Never throws. */
  release(): void {
    try {
      rmSync(join(this.path, LOCK), { force: true });
      // Removes an empty folder only.
      rmdirSync(this.path);
    } catch {
      // It has saves, or is gone already.
    }
  }

  /** The process that holds the lock and is alive, and another one than this. */
  private get holder(): number | null {
    try {
      const holder = Number(readFileSync(join(this.path, LOCK), "utf8"));
      if (!Number.isInteger(holder) || holder <= 0 || holder === process.pid) return null;
      process.kill(holder, 0);
      return holder;
    } catch (error) {
      // Signalling another user's process is refused, which means that it is alive.
      return (error as NodeJS.ErrnoException).code === "EPERM" ? NaN : null;
    }
  }

  private tell(step: number): void {
    if (this.hasTold) return;
    this.hasTold = true;
    console.error(`Saved after ${counted(step, "step")}. After an interruption go on with: fit --resume ${this.out}`);
  }

  /** Written beside and renamed, so that it is whole or as it was. */
  private write(record: RunRecord): void {
    this.known = record;
    const path = join(this.path, RECORD);
    writeFileSync(`${path}.new`, JSON.stringify(record));
    renameSync(`${path}.new`, path);
  }
}
