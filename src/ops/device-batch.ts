import type { Tensor } from "@tensorflow/tfjs-core";
import { runningDevice } from "../gpu/running.ts";
import { blockCapacity, rowBlocks } from "./attention/blocks.ts";
import { longestRow } from "./attention/options.ts";
import { deviceTensor } from "./device-tensor.ts";
import { disposeDistances, uploadDistances, type Distances, type RelativeBuckets } from "./distances.ts";
import { grouped, type Grouping } from "./embedding/embedding.ts";
import type { TableRows } from "./embedding/table-rows.ts";
import { uploadRotary, type Rotary, type RotaryForm } from "./rotary/rotary.ts";
import { disposePlaces, uploadPlaces, type Places } from "./gather-rows/gather-rows.ts";

/** Whose classifier reads a batch: the one being trained for, or that of a task the model learned before. */
export type Task = "new" | "earlier";

/** Rows laid end to end, as plain numbers: what a batch is before it is uploaded. */
export interface TokenBatch {
  /** Token ids, positions in their row, and segments [T]. */
  ids: Int32Array;
  positions: Int32Array;
  types: Int32Array;
  /** First token of each row, and the end [B + 1]. */
  rowStart: Int32Array;
  /** What the head reads of each row [B · width], where it was computed before. */
  features?: Float32Array<ArrayBuffer>;
  /** Tokens that a masked language model, or a classifier of tokens, is asked of [M]. */
  places?: Int32Array;
  /** The new task where not given. */
  task?: Task;
}

/** The largest batch of a run; tensors on webgpu have this size whatever the batch holds. */
export interface Capacity {
  tokens: number;
  rows: number;
  /** Tokens that a head is asked of, in batches with places; all where not given. */
  places?: number;
  /** Tokens of a step, all its micro-batches together: no step looks up more words. Unknown where not given. */
  stepTokens?: number | undefined;
}

/** Entries of the embedding tables. */
export interface TableSizes {
  word: number;
  /** 0 where there is none, as of the next. */
  position: number;
  type: number;
  /** The angles of rotary positions, in a model that has them, and the most tokens of a row. */
  rotary?: RotaryForm & { longest: number };
  /** How distances of tokens are put into buckets, in a model with a table of them. */
  relative?: RelativeBuckets;
  /** The padding token, where positions are counted from the number after it; they are those of the batch where not given. */
  padding?: number;
}

/** A batch on the device. Tensors have `capacity` rows on webgpu (rows past the end are never read), else exactly T. */
export interface DeviceBatch {
  task: Task;
  tokens: number;
  rows: number;
  rowCapacity: number;
  rowStart: Int32Array;
  /** int32 [T, 4]: id, position, segment, row; and the same on the host. */
  tokenTable: Tensor;
  tokenNumbers: Int32Array;
  /** int32 [T, 2]: first token and end of the token's row. */
  bounds: Tensor;
  /** int32 [·, 4]: the blocks of tokens that attention on a GPU computes. */
  blocks: Tensor;
  /** int32 [B + 1]. */
  starts: Tensor;
  /** What the head reads of each row [B, width], where it was computed before: no layer below runs. */
  features: Tensor | null;
  /** For the gradients of the embeddings; null in a batch for inference, or of features. */
  groupings: { word: Grouping; position: Grouping | null; type: Grouping | null } | null;
  /** Angles of rotary positions, by base; none where the model has no such positions, and in a batch of features. */
  rotary: Rotary[];
  /** Null where the model has no table by distance, and in a batch of features. */
  distances: Distances | null;
  /** Null in a batch that has none. */
  places: Places | null;
}

/**
 * Uploads a batch. tfjs pools GPU buffers by exact size, so tensors whose size followed T would fill the GPU with
 * sizes used once: on webgpu all have the run's capacity.
 *
 * @param purpose where it is rows of the word table, the batch is for training, and the table's gradient has these alone
 */
export function uploadBatch(
  batch: TokenBatch,
  capacity: Capacity,
  tables: TableSizes,
  purpose: "training" | "inference" | TableRows,
): DeviceBatch {
  const tokens = batch.ids.length;
  const rows = batch.rowStart.length - 1;
  const padded = runningDevice().kind === "webgpu";
  const tokenCapacity = padded ? capacity.tokens : tokens;
  const rowCapacity = padded ? capacity.rows : rows;
  if (tokens > capacity.tokens || rows > capacity.rows) {
    throw new Error(`A batch of ${tokens} tokens in ${rows} rows does not fit ${capacity.tokens} in ${capacity.rows}.`);
  }
  const positions = positionsOf(batch, tables);
  const tokenNumbers = new Int32Array(4 * tokenCapacity);
  const bounds = new Int32Array(2 * tokenCapacity);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [batch.rowStart[row] ?? 0, batch.rowStart[row + 1] ?? 0];
    for (let t = start; t < end; t++) {
      tokenNumbers[4 * t] = batch.ids[t] ?? 0;
      tokenNumbers[4 * t + 1] = positions[t] ?? 0;
      tokenNumbers[4 * t + 2] = batch.types[t] ?? 0;
      tokenNumbers[4 * t + 3] = row;
      bounds[2 * t] = start;
      bounds[2 * t + 1] = end;
    }
  }
  const mostBlocks = blockCapacity(tokenCapacity, rowCapacity);
  const starts = new Int32Array(rowCapacity + 1);
  starts.set(batch.rowStart);
  const groupings =
    purpose === "inference" || batch.features
      ? null
      : {
          word:
            typeof purpose === "string"
              ? grouped(batch.ids, tables.word, tokenCapacity)
              : grouped(placesOf(batch.ids, purpose), purpose.room, tokenCapacity),
          position: tables.position === 0 ? null : grouped(positions, tables.position, tokenCapacity),
          type: tables.type === 0 ? null : grouped(batch.types, tables.type, tokenCapacity),
        };
  return {
    task: batch.task ?? "new",
    tokens,
    rows,
    rowCapacity,
    rowStart: batch.rowStart,
    tokenTable: deviceTensor(tokenNumbers, [tokenCapacity, 4]),
    tokenNumbers,
    bounds: deviceTensor(bounds, [tokenCapacity, 2]),
    blocks: deviceTensor(rowBlocks(batch.rowStart, mostBlocks), [mostBlocks, 4]),
    starts: deviceTensor(starts, [rowCapacity + 1]),
    features: batch.features ? uploadFeatures(batch.features, rows, rowCapacity) : null,
    groupings,
    rotary: tables.rotary && !batch.features ? rotaryOf(tables.rotary, batch, padded ? capacity.tokens : null) : [],
    distances:
      tables.relative && !batch.features
        ? uploadDistances(tables.relative, padded ? spanOf(capacity) : longestRow(batch.rowStart))
        : null,
    places: batch.places ? uploadPlaces(batch.places, tokenCapacity, capacity.places ?? capacity.tokens) : null,
  };
}

const placesOf = (ids: Int32Array, { places }: TableRows) => ids.map((id) => places[id] ?? -1);

/** Frees all that a batch holds on the device. */
export function disposeBatch(batch: DeviceBatch): void {
  for (const held of [batch.tokenTable, batch.bounds, batch.blocks, batch.starts, batch.features]) held?.dispose();
  for (const grouping of batch.groupings ? Object.values(batch.groupings) : []) {
    grouping?.start.dispose();
    grouping?.order.dispose();
  }
  for (const { table } of batch.rotary) table.dispose();
  if (batch.distances) disposeDistances(batch.distances);
  if (batch.places) disposePlaces(batch.places);
}

/** Few models look at more tokens than that, and programs are compiled for a span. */
const LEAST_SPAN = 1024;

/** Tokens of the longest row that a batch of this capacity may have, or more. */
const spanOf = ({ tokens }: Capacity) => Math.max(LEAST_SPAN, tokens);

/** Angles for the longest row: that of any batch where tensors have the size of the capacity, in tokens. */
function rotaryOf(form: RotaryForm & { longest: number }, { rowStart }: TokenBatch, capacity: number | null): Rotary[] {
  return uploadRotary(form, capacity === null ? longestRow(rowStart) : Math.min(capacity, form.longest));
}

/** Positions of a batch's tokens [T], as the model counts them. */
export function positionsOf(batch: TokenBatch, { padding }: Pick<TableSizes, "padding">): Int32Array {
  return padding === undefined ? batch.positions : positionsAfter(padding, batch);
}

/**
 * Positions in each row from `padding` + 1, as transformers counts them: a padding token within a text takes the position
 * `padding`, and is not counted.
 */
function positionsAfter(padding: number, { ids, rowStart }: TokenBatch): Int32Array {
  const positions = new Int32Array(ids.length);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    let next = padding + 1;
    for (let t = rowStart[row] ?? 0; t < (rowStart[row + 1] ?? 0); t++) {
      positions[t] = ids[t] === padding ? padding : next++;
    }
  }
  return positions;
}

function uploadFeatures(features: Float32Array, rows: number, rowCapacity: number): Tensor {
  const width = features.length / rows;
  const padded = new Float32Array(rowCapacity * width);
  padded.set(features);
  return deviceTensor(padded, [rowCapacity, width]);
}
