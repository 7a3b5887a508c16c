import { dropoutKey, type Dropout } from "../ops/dropout/random.ts";
import { lowRankTargets, type LowRankTarget } from "./low-rank.ts";
import type { HeadPart } from "./names.ts";

/** The rates of a classifier. */
export interface DropoutRates {
  hidden: number;
  attention: number;
  classifier: number;
  /** The rate on what LoRA's matrices read; 0 where not given. */
  lowRank?: number;
}

/** Sites of a head's dense layers. */
const HEAD_SITES: Record<HeadPart, number> = { pooler: 0xfffc, classifier: 0xfffe };
/** First of LoRA's sites, above those of any layer. */
const FIRST_LOW_RANK = 0x8000;
/** First of the sites of positions that a layer reads, above those of any layer. */
const FIRST_POSITIONS = 0x7000;

/** Which forward pass this is; with the site it is the key of every mask. */
export interface PassKey {
  seed: number;
  step: number;
  microBatch: number;
}

export const NO_RATES: DropoutRates = { hidden: 0, attention: 0, classifier: 0 };
export const NO_KEY: PassKey = { seed: 0, step: 0, microBatch: 0 };

/** The dropout of every site of one forward pass. */
export class DropoutSites {
  /** Drops nothing: that of evaluation. */
  static readonly none = new DropoutSites(NO_RATES, NO_KEY);

  constructor(
    private readonly rates: DropoutRates,
    private readonly pass: PassKey,
  ) {}

  embeddings = (): Dropout => this.at(0, this.rates.hidden);
  attention = (layer: number): Dropout => this.at(3 * layer + 1, this.rates.attention);
  attentionOutput = (layer: number): Dropout => this.at(3 * layer + 2, this.rates.hidden);
  output = (layer: number): Dropout => this.at(3 * layer + 3, this.rates.hidden);
  positions = (layer: number): Dropout => this.at(FIRST_POSITIONS + layer, this.rates.hidden);
  lowRank = (layer: number, target: LowRankTarget): Dropout => {
    const site = FIRST_LOW_RANK + lowRankTargets.length * layer + lowRankTargets.indexOf(target);
    return this.at(site, this.rates.lowRank ?? 0);
  };
  head = (part: HeadPart): Dropout => this.at(HEAD_SITES[part], this.rates.classifier);

  private at(site: number, rate: number): Dropout {
    const { seed, step, microBatch } = this.pass;
    return { rate, key: dropoutKey(seed, step, microBatch, site) };
  }
}
