import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { byDistance, byDistanceGradient, distancesOf } from "../ops/distances.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { ModelConfig } from "./config.ts";
import type { DropoutSites } from "./dropout-sites.ts";
import type { EncoderLayerOptions } from "./layer-pass.ts";
import { embeddingRoles, type Pair } from "./names.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { keepGradient, placeIn, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

/** The table by distance that all layers read: biases by bucket [buckets, heads], or states of positions [buckets, H]. */
interface RelativeWeights {
  kind: "bias" | "positions";
  table: Parameter;
  norm: WeightAndBias | null;
}

/** What one pass makes of the table, once for all layers; the biases are brought by distance [2·span − 1, heads]. */
export interface RelativeSaved {
  table: Tensor;
  norm: LayerNormSaved | null;
}

/** The table by distance of a model that has one, forward and backward. */
export class Relative {
  private constructor(
    private readonly config: ModelConfig,
    private readonly weights: RelativeWeights,
  ) {}

  /** Null for a model without such a table. */
  static of(
    config: ModelConfig,
    find: (role: string) => Parameter,
    both: (roles: Pair) => WeightAndBias,
  ): Relative | null {
    const { relativeBias, relativePositions } = config.names;
    if (relativeBias !== undefined) {
      return new Relative(config, { kind: "bias", table: find(embeddingRoles.relativeBias), norm: null });
    }
    if (relativePositions === undefined) return null;
    const norm = relativePositions.norm === null ? null : both(embeddingRoles.relativeNorm);
    return new Relative(config, { kind: "positions", table: find(embeddingRoles.relativePositions), norm });
  }

  forward(batch: DeviceBatch): RelativeSaved {
    const { kind, table, norm } = this.weights;
    if (kind === "bias") return { table: byDistance(table.value, distancesOf(batch)), norm: null };
    if (!norm) return { table: table.value, norm: null };
    const shape = { tokens: table.value.shape[0] ?? 0, epsilon: this.config.layerNormEpsilon };
    const { y, saved } = normForward(norm, table.value, shape);
    return { table: y, norm: saved };
  }

  dispose({ table, norm }: RelativeSaved): void {
    if (table !== this.weights.table.value) table.dispose();
    if (norm) disposeNorm(norm);
  }

  /** What a layer does with the table. A frozen table of biases gets no gradient. */
  optionsOf(
    layer: number,
    { table }: RelativeSaved,
    { batch, dropout }: { batch: DeviceBatch; dropout: DropoutSites },
    sink?: GradientSink,
  ): Pick<EncoderLayerOptions, "attention" | "positions"> {
    const { kind, table: parameter } = this.weights;
    if (kind === "bias") {
      const isFrozen = sink !== undefined && !sink.trains(parameter);
      return { attention: { relative: { kind, span: distancesOf(batch).span, table, isFrozen } } };
    }
    const { positionProducts: products, attentionScale: scale } = this.config;
    if (!products) throw new Error("A model with positions by distance says what it multiplies them with.");
    return { attention: { scale }, positions: { states: table, dropout: dropout.positions(layer), ...products } };
  }

  /** Adds the gradients of what trains, from the sum of what the layers gave; takes the sum and what was saved. */
  backward(sum: Tensor | null, saved: RelativeSaved, batch: DeviceBatch, sink: GradientSink): void {
    const { kind, table, norm } = this.weights;
    if (!sum) {
      this.dispose(saved);
      return;
    }
    if (kind === "bias") {
      if (sink.trains(table)) {
        keepGradient(sink, table, byDistanceGradient(sum, distancesOf(batch), placeIn(sink, table)));
      }
      sum.dispose();
    } else {
      const tokens = sum.shape[0] ?? 0;
      const gradient = norm && saved.norm ? normBackward(norm, sum, saved.norm, { tokens }, sink) : sum;
      if (sink.trains(table)) keepGradient(sink, table, gradient);
      else gradient.dispose();
    }
    this.dispose(saved);
  }
}

/** Adds up the gradients that the layers of a pass give; takes them. */
export class RelativeSum {
  sum: Tensor | null = null;

  readonly add = (gradient: Tensor): void => {
    if (!this.sum) {
      this.sum = gradient;
      return;
    }
    accumulate(this.sum, gradient);
    gradient.dispose();
  };
}
