import type { KernelKind, Precision, TileSpeed } from "../../gpu/device.ts";
import { isUsable, outputsOf, unmeasuredTile } from "./choose-tile.ts";
import type { ProgramFeature } from "../../gpu/program.ts";
import type { SubgroupMatrices } from "../../gpu/subgroup-matrices.ts";
import { canCompute, PRODUCTS, TILES_OF, type Product, type ProductSizes, type Tile } from "./tiles.ts";

/** What is measured: a device that records products; measured-device.ts has the real one. */
export interface MeasuredDevice {
  readonly kernels: KernelKind;
  /** Whose tiles are measured. */
  readonly precision: Precision;
  hasFeature(feature: ProgramFeature): boolean;
  readonly matrices: SubgroupMatrices | null;
  /** A product of these sizes, with operands of its own. */
  product(product: Product, sizes: ProductSizes): MeasuredProduct;
  /** Resolves when all that was recorded is done. */
  done(): Promise<void>;
}

export interface MeasuredProduct {
  /** Records it so many times; the first time with a tile compiles it. */
  record(tile: Tile, times: number): void;
  /**
   * Computes it and compares some outputs of all threads with sums in double precision; with every epilogue where the
   * tile's threads exchange what they load.
   */
  isRight(tile: Tile): Promise<boolean>;
  dispose(): void;
}

interface Clock {
  /** Milliseconds. */
  now(): number;
}

export interface MeasureOptions {
  tiles?: readonly Tile[];
  clock?: Clock;
  /** Called before each of `total` products of one size, and after the last one. */
  onProgress?: (done: number, total: number) => void;
}

/** Tokens, inputs and outputs of a layer. */
type Layer = readonly [tokens: number, inputs: number, outputs: number];
/** MiniLM's layers with some hundred and some thousand tokens; the few cores of a software adapter fill with less. */
const LAYERS: Record<KernelKind, Partial<Record<TileSpeed["size"], Layer>>> = {
  gpu: { large: [2048, 384, 1536], small: [256, 384, 384] },
  software: { large: [128, 192, 768] },
};
/** Most time for timing. Compiling is not counted: on some drivers a tile takes seconds, once. */
const BUDGET_MS = 40_000;
/** A batch takes this much longer than waits for nothing do, … */
const LEAST_MS = 30;
/** … and this many times as long as such a wait. */
const LEAST_WAITS = 4;
/** Most repetitions of a batch: a device that is through with them at once does not compute them. */
const MOST_TIMES = 2 ** 17;
/** Waits for nothing of which the middle one counts. */
const IDLE_WAITS = 5;
/** Browsers that take longer than this to answer do so by a timer: a second answer is the first again. */
const TIMER_MS = 20;
/** Two batches of one tile that differ by less than this agree; of so many batches two must. */
const AGREEING = 0.2;
const MOST_BATCHES = 5;
/** A tile below this share of the best speed at y = x · wᵀ is not tried at the gradients of the same size. */
const HOPELESS = 0.6;

/** What was measured cannot be trusted: another program uses the GPU, it computes wrongly, or it is too slow. */
class Doubtful extends Error {}

/** The sizes of one product of a layer. */
function sizesOf(product: Product, [tokens, inputs, outputs]: Layer): ProductSizes {
  return {
    FORWARD: { rows: tokens, inner: inputs, columns: outputs },
    INPUT_GRADIENT: { rows: tokens, inner: outputs, columns: inputs },
    WEIGHT_GRADIENT: { rows: outputs, inner: tokens, columns: inputs },
  }[product];
}

/**
 * Measures the tiles of the matmul family that are for this kind of adapter: each at y = x · wᵀ, those that are not
 * hopeless at the two gradients, and at both sizes on GPUs. Tiles that compute wrongly, at first or after some time, and
 * those that the device refuses are left out.
 *
 * Returns the speeds of all products, or none: where the device was lost, a measurement could not be repeated, the tile
 * that is taken without a measurement computes wrongly, or the time was not enough.
 */
export async function measureTiles(device: MeasuredDevice, options: MeasureOptions = {}): Promise<TileSpeed[]> {
  const { tiles = TILES_OF[device.precision], clock = performance, onProgress } = options;
  const usable = tiles.filter((tile) => isUsable(device, tile));
  const groups = PRODUCTS.flatMap((product) =>
    Object.entries(LAYERS[device.kernels]).map(([size, layer]) => ({
      product,
      size: size as TileSpeed["size"],
      sizes: sizesOf(product, layer),
    })),
  );
  const speeds: TileSpeed[] = [];
  try {
    const stopwatch = await Stopwatch.of(device, clock);
    for (const [done, group] of groups.entries()) {
      onProgress?.(done, groups.length);
      const hopeful = usable.filter((tile) => {
        return canCompute(tile, group.product, group.sizes) && !isHopeless(tile, group.size, speeds);
      });
      speeds.push(...(await speedsOf(device, stopwatch, group, hopeful)));
    }
  } catch {
    // What the device refuses here it refuses in the run, which reports it.
    return [];
  }
  onProgress?.(groups.length, groups.length);
  return speeds;
}

/** Tiles in parts are made for the weight gradient: how fast they are before it says little. */
function isHopeless({ name, splits }: Tile, size: TileSpeed["size"], speeds: readonly TileSpeed[]): boolean {
  const forward = speeds.filter((speed) => speed.product === "FORWARD" && speed.size === size);
  const own = forward.find(({ tile }) => tile === name);
  if (forward.length === 0 || splits !== undefined) return false;
  return !own || own.gflops < HOPELESS * Math.max(...forward.map(({ gflops }) => gflops));
}

interface Group {
  product: Product;
  size: TileSpeed["size"];
  sizes: ProductSizes;
}

/** The speeds of some tiles at one product of one size; the one that is taken without a measurement is among them. */
async function speedsOf(
  device: MeasuredDevice,
  stopwatch: Stopwatch,
  { product, size, sizes }: Group,
  tiles: readonly Tile[],
): Promise<TileSpeed[]> {
  const usual = unmeasuredTile(device, product, sizes);
  const measured = device.product(product, sizes);
  const { rows, inner, columns } = sizes;
  const speeds: TileSpeed[] = [];
  try {
    stopwatch.begin();
    for (const tile of [usual, ...tiles.filter((other) => other !== usual)]) {
      const ms = await msOrNull(tile);
      if (ms === null) continue;
      speeds.push({
        tile: tile.name,
        product,
        size,
        gflops: (2 * inner * outputsOf(tile, rows, columns)) / (ms * 1e6),
      });
    }
  } finally {
    measured.dispose();
  }
  return speeds;

  /** Milliseconds of one product; null where the tile computes wrongly, or the device refuses it and no other. */
  async function msOrNull(tile: Tile): Promise<number | null> {
    try {
      if (await measured.isRight(tile)) {
        const ms = await stopwatch.msOfOne((times) => measured.record(tile, times));
        if (await stopwatch.counted(() => measured.isRight(tile))) return ms;
      }
    } catch (error) {
      if (error instanceof Doubtful || !(await isStillRight())) throw error;
    }
    if (tile === usual) throw new Doubtful(`${tile.name} computes wrongly`);
    return null;
  }

  /** Errors of a GPU may be reported to the next one who reads: hence two attempts. */
  async function isStillRight(): Promise<boolean> {
    const isRight = () => measured.isRight(usual).catch(() => false);
    return (await isRight()) || (await isRight());
  }
}

/** Times batches of work that only shows when it is waited for. */
class Stopwatch {
  private spentMs = 0;
  /** Repetitions to begin with, and the least time of the tiles before, within a group of products. */
  private firstTimes = 1;
  private bestMs = Infinity;

  private constructor(
    private readonly device: Pick<MeasuredDevice, "done">,
    private readonly clock: Clock,
    /** What a wait for nothing takes: 0.07 ms in Chrome, 104 ms in Firefox. */
    private readonly idleMs: number,
  ) {}

  /** Measures first what a wait for nothing takes. */
  static async of(device: Pick<MeasuredDevice, "done">, clock: Clock): Promise<Stopwatch> {
    const waits: number[] = [];
    // What was recorded before is not idle.
    await device.done();
    for (let i = 0; i < IDLE_WAITS; i++) {
      const start = clock.now();
      await device.done();
      waits.push(clock.now() - start);
    }
    return new Stopwatch(device, clock, waits.sort((a, b) => a - b)[IDLE_WAITS >> 1] ?? 0);
  }

  /** Called before the first tile of a group, whose times have nothing to do with those before. */
  begin(): void {
    this.firstTimes = 1;
    this.bestMs = Infinity;
  }

  /**
   * Milliseconds of one of what `record` records: the least of two batches that agree. What is surely below the hopeless
   * share of the best in its group is timed roughly.
   */
  async msOfOne(record: (times: number) => void): Promise<number> {
    const { idleMs } = this;
    const least = idleMs + Math.max(LEAST_MS, (LEAST_WAITS - 1) * idleMs);
    // The answer to a batch comes up to one wait late, and where a timer gives it, on the average half of one.
    const each = (ms: number, times: number) => (ms - idleMs / 2) / times;
    let times = this.firstTimes;
    let ms = await this.repeated(record, times, least);
    while (ms < least && (ms - idleMs) / times < this.bestMs / HOPELESS) {
      // A batch not longer than an idle wait shows only that it is short.
      const growth = ms > 1.5 * idleMs + 1 ? (1.2 * least - idleMs / 2) / (ms - idleMs / 2) : 8;
      times = Math.ceil(times * Math.min(16, Math.max(1.2, growth)));
      if (times > MOST_TIMES) throw new Doubtful("products take no time");
      ms = await this.repeated(record, times, least);
    }
    const one = each(ms, times);
    if (one < this.bestMs) this.bestMs = one;
    // Where waits are long there are few: the next tile begins with what this one needed.
    if (idleMs >= TIMER_MS) this.firstTimes = times;
    return one;
  }

  /** Milliseconds of a batch; of one long enough to count the least of two that agree, since others use the GPU too. */
  private async repeated(record: (times: number) => void, times: number, least: number): Promise<number> {
    const batches = [await this.batch(record, times)];
    while (this.idleMs < TIMER_MS && Math.min(...batches) >= least && !isRepeated(batches)) {
      if (batches.length === MOST_BATCHES) throw new Doubtful("no two batches take the same time");
      batches.push(await this.batch(record, times));
    }
    return Math.min(...batches);
  }

  /** Does work whose time counts as that of a batch. */
  async counted<T>(work: () => Promise<T>): Promise<T> {
    const start = this.clock.now();
    const result = await work();
    this.spentMs += this.clock.now() - start;
    if (this.spentMs > BUDGET_MS) throw new Doubtful("timing takes too long");
    return result;
  }

  private batch(record: (times: number) => void, times: number): Promise<number> {
    return this.counted(async () => {
      const start = this.clock.now();
      record(times);
      await this.device.done();
      return this.clock.now() - start;
    });
  }
}

/** True where the least two of these batches agree. */
function isRepeated(batches: readonly number[]): boolean {
  const [least = NaN, second = NaN] = batches.toSorted((a, b) => a - b);
  return second - least <= AGREEING * least;
}
