import { blobSource } from "../io/byte-source.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import type { RunSaver, RunState } from "../run/saved-run.ts";
import type { TileSpeed } from "../gpu/device.ts";
import type { KeptRuns } from "../saves/kept-runs.ts";
import { SaveClock } from "../saves/save-interval.ts";
import { lockOf, PAGE_FILE, type KeptPage } from "./kept-page.ts";
import type { KeepRequest, TrainNotice } from "./protocol.ts";

/** What computed a run, where that decides the last bits of its numbers. */
export interface KeptMachine {
  adapter: string;
  /** Speeds of the GPU's tiles, by which products choose theirs. */
  tiles: readonly TileSpeed[];
}

/** What a save of the page holds. */
interface KeptState {
  run: RunState;
  machine: KeptMachine;
}

/** Keeps a run in the browser while it trains, so that it can go on after a closed tab, a crash or a lost GPU. */
export class RunKeeper {
  private readonly clock: SaveClock;
  private isHidden = false;

  private constructor(
    private readonly runs: KeptRuns,
    private readonly id: string,
    minutes: number,
    private readonly notify: (notice: TrainNotice) => void,
    private readonly release: () => void,
  ) {
    const now = () => performance.now();
    this.clock = new SaveClock({ ms: 60_000 * minutes }, { stretches: true, now });
  }

  /**
   * Keeps a new run, with the files that it needs, or goes on keeping one. Throws a Problem where there is no room, and
   * where another tab trains this run.
   */
  static async open(
    runs: KeptRuns,
    { id, minutes, page, files }: KeepRequest,
    notify: (notice: TrainNotice) => void,
  ): Promise<RunKeeper> {
    const release = await lockOf(id);
    try {
      const keeper = new RunKeeper(runs, id, minutes, notify, release);
      if (page !== null) await keeper.keepPage(page, files);
      return keeper;
    } catch (error) {
      if (page !== null) await runs.remove(id).catch(() => undefined);
      release();
      throw error;
    }
  }

  private async keepPage(page: string, files: readonly File[]): Promise<void> {
    const kept: KeptPage = { version: 1, startedAt: Date.now(), page, files: [] };
    for (const file of files) {
      const { name } = file;
      kept.files.push({ name, hash: await this.runs.keepFile(this.id, blobSource(name, file)) });
    }
    const bytes = async function* () {
      yield new TextEncoder().encode(JSON.stringify(kept));
    };
    await this.runs.folder(this.id).write(PAGE_FILE, bytes());
  }

  /** The page was hidden, or is shown again: a hidden one may never be seen again. */
  pageSeen(isSeen: boolean): void {
    this.isHidden = !isSeen;
  }

  /** Saves when it is due. Where that fails it is reported, and the run goes on. */
  saver(machine: () => KeptMachine): RunSaver {
    const { clock } = this;
    return {
      // A run that is stopped ends, and is not kept.
      isDue: (moment, step) =>
        moment !== "stop" && (clock.isDue(moment, step) || (this.isHidden && clock.isDue("hidden", step))),
      latest: async () => (await this.latest())?.run ?? null,
      save: async (run) => {
        const began = performance.now();
        const { step } = run.training;
        const plan = run.history.find((event) => event.type === "plan");
        const facts = { savedAt: Date.now(), step, steps: plan?.steps ?? null };
        const state: KeptState = { run, machine: machine() };
        try {
          await this.runs.saves(this.id).save(state, facts);
          this.notify({ type: "saved", ...facts });
        } catch (error) {
          // A GPU that is gone cannot be read: its loss is answered elsewhere.
          if (!(error instanceof Problem)) throw error;
          this.notify({ type: "notSaved", problem: reportProblem(error) });
        }
        clock.saved(step, performance.now() - began);
      },
    };
  }

  /** The newest whole save; null where there is none yet. */
  async latest(): Promise<KeptState | null> {
    const latest = await this.runs.saves(this.id).latest();
    // A save of this version is of a state of this version.
    return latest && (latest.state as KeptState);
  }

  /** The run has ended: nothing of it stays. */
  async end(): Promise<void> {
    await this.runs.remove(this.id);
    this.release();
  }

  /** Lets other tabs go on with the run. */
  leave(): void {
    this.release();
  }
}
