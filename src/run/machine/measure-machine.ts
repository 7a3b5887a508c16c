import type { TileSpeed } from "../../gpu/device.ts";
import type { GpuDevice } from "../../gpu/gpu-device.ts";
import { tuneTiles } from "../tune.ts";
import type { Clock } from "./budget.ts";
import type { Machine } from "./machine.ts";
import { measureAttention, measureSums } from "./ops.ts";
import { measurePeaks } from "./peaks.ts";
import { measurePieces, type Piece, type PieceResult } from "./pieces.ts";
import { measureProducts } from "./products.ts";
import {
  measureLongStep,
  measureProcessor,
  measureSameness,
  measureShortStep,
  measureSteps,
  type OnProcessor,
} from "./steps.ts";
import { measureDispatches, measureWaits } from "./waits.ts";

/** What a machine was measured to do: plain JSON, one file per adapter and browser. */
export interface MachineMeasurement {
  format: 1;
  /** ISO 8601, UTC. */
  date: string;
  extent: "whole" | "short";
  seconds: number;
  /** The browser's own description, or Node's with the version of Dawn. */
  browser: string;
  adapter: Record<string, string | boolean>;
  features: string[];
  limits: Record<string, number>;
  cores: number;
  /** Each piece by its name: its result, or why there is none. */
  pieces: Record<string, PieceResult>;
  /** The page's frames while the pieces were measured, by what a person reads of each; only where there is a page. */
  frames?: Record<string, FrameCounts>;
}

/** Frames that a page showed in some time. */
interface FrameCounts {
  frames: number;
  /** Milliseconds between two frames: the median and the longest. */
  medianMs: number;
  longestMs: number;
  /** Frames that were missing in longer gaps, by the median over all pieces. */
  dropped: number;
}

interface MeasureOptions {
  /** "whole" takes up to 20 minutes, "short" two. */
  extent: MachineMeasurement["extent"];
  browser: string;
  cores: number;
  onProcessor: OnProcessor;
  onPiece?: (what: string, done: number, total: number) => void;
  /** Whether a person has ended the measurement. */
  stops?: () => boolean;
  clock?: Clock;
  /** A share of every budget, for tests. */
  scale?: number;
}

const SECONDS = { whole: 1200, short: 120 };

/**
 * Measures the running GPU piece by piece: waits, dispatches, peaks, products, sums, attention, whole steps, the processor
 * beside it, and whether equal steps give equal bits. A slow adapter leaves out what does not fit.
 */
export async function measureMachine(gpu: GpuDevice, options: MeasureOptions): Promise<MachineMeasurement> {
  const { extent, browser, cores, stops = () => false, clock = () => performance.now(), scale = 1 } = options;
  const device = gpu.raw;
  const machine: Machine = { gpu, device, idleMs: 0, gflops: null };
  const pieces = piecesOf(machine, options).map((piece) => ({ ...piece, seconds: scale * piece.seconds }));
  const start = clock();
  const date = new Date().toISOString();
  const lost = device.lost.then((info): never => {
    throw new Error(`The GPU was lost. ${info.message}`);
  });
  const results = await measurePieces(pieces, {
    seconds: scale * SECONDS[extent],
    clock,
    stops,
    lost,
    onPiece: options.onPiece ?? (() => undefined),
  });
  const seconds = Math.round(clock() - start) / 1000;
  return { format: 1, date, extent, seconds, browser, ...factsOf(gpu), cores, pieces: results };
}

/** Seconds of each piece, in the order in which they are measured: what tells most, and what is judged most, comes first. */
const BUDGETS: Record<MachineMeasurement["extent"], Record<string, number>> = {
  whole: {
    ...{ waits: 15, dispatches: 30, peaks: 60, tuning: 30, sameness: 45, processor: 75, steps: 180 },
    ...{ products: 360, sums: 90, attention: 170, longStep: 120 },
  },
  short: { waits: 10, peaks: 20, tuning: 10, sameness: 15, processor: 25, steps: 30 },
};

function piecesOf(machine: Machine, { extent, onProcessor }: MeasureOptions): Piece[] {
  const all: Record<string, Omit<Piece, "name" | "seconds">> = {
    waits: { what: "Waiting for an idle GPU", measure: (budget) => measureWaits(machine, budget) },
    dispatches: { what: "Empty dispatches", measure: (budget) => measureDispatches(machine, budget) },
    peaks: { what: "Arithmetic and memory", measure: (budget) => measurePeaks(machine, budget) },
    tuning: { what: "Choice of tiles", measure: () => chosenTiles(machine) },
    sameness: { what: "One step again and again", measure: (budget) => measureSameness(budget) },
    processor: { what: "A step on the processor", measure: (budget) => measureProcessor(budget, onProcessor) },
    steps: {
      what: "Training steps",
      measure: (budget) => (extent === "short" ? measureShortStep : measureSteps)(machine, budget),
    },
    products: { what: "Matrix products", measure: (budget) => measureProducts(machine, budget) },
    sums: { what: "Sums over tokens", measure: (budget) => measureSums(machine, budget) },
    attention: { what: "Attention", measure: (budget) => measureAttention(machine, budget) },
    longStep: { what: "A step of long rows", measure: (budget) => measureLongStep(machine, budget) },
  };
  return Object.entries(BUDGETS[extent]).flatMap(([name, seconds]) => {
    const piece = all[name];
    return piece ? [{ name, seconds, ...piece }] : [];
  });
}

/** The speeds by which the tiles of all further pieces are chosen: as known, else measured now as at the first start. */
async function chosenTiles({ gpu }: Machine): Promise<readonly TileSpeed[]> {
  if (gpu.tileSpeeds.length > 0) return gpu.tileSpeeds;
  return tuneTiles({ read: () => Promise.resolve(undefined), write: () => Promise.resolve() });
}

function factsOf(gpu: GpuDevice): Pick<MachineMeasurement, "adapter" | "features" | "limits"> {
  const { vendor, architecture, device, description, isFallbackAdapter } = gpu.adapterInfo;
  const { features, limits } = gpu.raw;
  const named: Record<string, number> = {};
  for (const name of LIMITS) named[name] = limits[name];
  const adapter = { vendor, architecture, device, description, isFallbackAdapter, kernels: gpu.kernels };
  return { adapter, features: [...features].sort(), limits: named };
}

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;
