import type { KernelKind } from "../../../src/gpu/device.ts";
import type { MeasuredDevice } from "../../../src/ops/linear/measure-tiles.ts";
import type { Product, ProductSizes, Tile } from "../../../src/ops/linear/tiles.ts";

/** A device that computes nothing, in a time of its own. */
export interface FakeOptions {
  kernels?: KernelKind;
  matrices?: MeasuredDevice["matrices"];
  compileMs?: number;
  /** What a wait takes beyond the work: always, or until the next beat of a timer that starts with the wait. */
  idleMs?: number;
  answersByTimer?: boolean;
  /** GFLOP/s of a tile over the outputs asked for. */
  gflops: (tile: Tile, product: Product, sizes: ProductSizes) => number;
  /** Whether the nth computation with a tile is right, from 1 on. */
  isRight?: (tile: Tile, nth: number) => boolean;
  /** A tile that the device refuses, as it does what is beyond its limits. */
  refuses?: (tile: Tile) => boolean;
  /** Waits after which the device is lost: from then on waits end at once and nothing can be read. */
  lostAfter?: number;
  /** Milliseconds that other programs take of the nth wait. */
  disturbance?: (nth: number) => number;
}

export function fakeDevice(options: FakeOptions) {
  const {
    kernels = "gpu",
    matrices = null,
    compileMs = 0,
    idleMs = 0.07,
    answersByTimer = false,
    lostAfter = Infinity,
  } = options;
  const seen = { now: 0, waits: 0, reads: 0, compiledMs: 0, longestBatchMs: 0, alive: 0, tiles: new Set<string>() };
  const compiled = new Set<string>();
  const computed = new Map<string, number>();
  let pending = 0;
  const isLost = () => seen.waits >= lostAfter;

  function wait(): void {
    const work = pending + (options.disturbance?.(seen.waits) ?? 0);
    pending = 0;
    if (!isLost()) seen.now += answersByTimer ? Math.max(1, Math.ceil(work / idleMs)) * idleMs : work + idleMs;
    seen.longestBatchMs = Math.max(seen.longestBatchMs, work);
    seen.waits++;
  }

  const device: MeasuredDevice = {
    kernels,
    precision: "float32",
    matrices,
    hasFeature: () => true,
    done: () => Promise.resolve(wait()),
    product(product, sizes) {
      seen.alive++;
      const record = (tile: Tile, times: number) => {
        seen.tiles.add(tile.name);
        const program = `${tile.name} ${product}`;
        if (!compiled.has(program)) {
          compiled.add(program);
          seen.now += compileMs;
          seen.compiledMs += compileMs;
        }
        const flops = 2 * sizes.rows * sizes.inner * sizes.columns;
        pending += (times * flops) / (1e6 * options.gflops(tile, product, sizes));
        computed.set(tile.name, (computed.get(tile.name) ?? 0) + times);
      };
      return {
        record,
        isRight(tile) {
          record(tile, 1);
          wait();
          seen.reads++;
          if (isLost() || options.refuses?.(tile)) return Promise.reject(new Error("The GPU refused a command."));
          return Promise.resolve(options.isRight?.(tile, computed.get(tile.name) ?? 0) ?? true);
        },
        dispose: () => void seen.alive--,
      };
    },
  };
  return { device, clock: { now: () => seen.now }, seen };
}
