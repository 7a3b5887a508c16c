import { parameterLayout } from "../../../src/model/layout.ts";
import type { ModelConfig } from "../../../src/model/config.ts";
import { familyConfig } from "../../inputs/family-configs.ts";
import { miniLm, randomRows } from "../../inputs/model-shape.ts";
import { openCountedHeap } from "../../meters/counted-heap.ts";
import { randomPeer } from "../../peers/ours.ts";
import { leastTime, lossesOf, type StepTime } from "../../peers/step-cost.ts";
import { number, table } from "../../runner/tables.ts";

/** A step of one row. */
interface RowStep extends StepTime {
  tokens: number;
  /** How far the heap ever reached. */
  peakBytes: number;
}

const forms = ["windows", "full"] as const;
type Form = (typeof forms)[number];

interface WindowsBench {
  adapter: string;
  steps: Record<Form, RowStep[]>;
}

const SIZES = { layers: 6, hidden: 256, heads: 4, intermediate: 384, vocabulary: 2000, positions: 8192 };
const CLASSES = 2;
const LENGTHS = [256, 512, 1024, 2048];
const REPEATS = 3;
/** Tokens that a window reaches over, both sides together, and how often a layer is full. */
const [WINDOW, EVERY] = [128, 3];

/** ModernBERT's attention, or the same model whose layers all look at the whole row. It drops nothing, as published. */
export function modernConfig(form: Form): ModelConfig {
  return familyConfig("modernbert", SIZES, {
    ...{ embedding_dropout: 0, classifier_dropout: 0, local_attention: WINDOW },
    global_attn_every_n_layers: form === "windows" ? EVERY : 1,
  });
}

/**
 * How the time and the memory of a step of ModernBERT grow with the tokens of a row, with its windows and without, on
 * wasm with one thread.
 *
 * @param log takes a line of progress; the whole takes some minutes
 */
export async function benchWindows(log: (line: string) => void): Promise<WindowsBench> {
  const steps: WindowsBench["steps"] = { windows: [], full: [] };
  let used = "";
  for (const tokens of LENGTHS) {
    for (const form of forms) {
      const { adapter, ...step } = await rowStep(form, tokens);
      used = adapter;
      steps[form].push(step);
      log(`${form}: ${JSON.stringify(step)}`);
    }
  }
  return { adapter: used, steps };
}

async function rowStep(form: Form, tokens: number) {
  const { adapter, counter } = await openCountedHeap();
  const row = randomRows([tokens], { ...miniLm, vocabulary: SIZES.vocabulary }, 2);
  const peer = await randomPeer(modernConfig(form), CLASSES, { rows: 1, tokens });
  await lossesOf(peer, row, 1);
  const time = await leastTime(peer, row, REPEATS);
  peer.dispose();
  return { adapter, tokens, ...time, peakBytes: counter.peakBytes };
}

/** Pairs of a query and a key that it looks at in one row: all, or those of at most `window` tokens to each side. */
export function pairsOf(tokens: number, window: number | null): number {
  if (window === null || window >= tokens) return tokens ** 2;
  // A part of the windows of the first and of the last tokens lies outside of the row.
  return tokens * (2 * window + 1) - window * (window + 1);
}

/**
 * Operations of a step of one row on paper, forward and backward, a multiplication and an addition being two: three
 * products with each weight of the layers, and seven of attention for each pair, whose scores are computed twice.
 */
export function paperFlops(config: ModelConfig, tokens: number): { products: number; attention: number } {
  const matrices = parameterLayout(config, CLASSES, "pooler").filter(
    ({ level, partShape }) => level >= 1 && level <= config.layers && partShape.length === 2,
  );
  const weights = matrices.reduce((sum, { parts, partShape: [a = 0, b = 0] }) => sum + parts.length * a * b, 0);
  const pairs = (config.layerAttention ?? []).reduce((sum, { window }) => sum + pairsOf(tokens, window), 0);
  return { products: 6 * weights * tokens, attention: 14 * config.hiddenSize * pairs };
}

/**
 * Bytes for each token that the forward pass keeps for the backward pass, by the shapes: in a layer the inputs of attention
 * and of feed-forward, queries, keys, values, context and its log-sum-exp, both norms, and what goes into the gate and
 * comes out of it. The first layer has no norm before attention, but the embeddings have one, and so has the end.
 */
export function keptPerToken({ layers, hiddenSize: hidden, intermediateSize: inner, heads }: ModelConfig): number {
  const norm = hidden + 1;
  return 4 * (layers * (6 * hidden + heads + 2 * norm + 3 * inner) + norm);
}

/** A quantity for each length, with how many times the one before it is. */
function growing(values: readonly number[], digits: number): string[][] {
  return values.map((value, i) => {
    const before = values[i - 1];
    return [number(value, digits), before === undefined ? "" : `×${number(value / before, 1)}`];
  });
}

function formTable(form: Form, steps: readonly RowStep[]): string {
  const config = modernConfig(form);
  const paper = steps.map(({ tokens }) => paperFlops(config, tokens));
  const giga = growing(
    paper.map(({ products, attention }) => (products + attention) / 1e9),
    1,
  );
  const times = growing(
    steps.map(({ processorMs }) => processorMs),
    0,
  );
  return table(
    [
      "tokens",
      ...["GFLOP of products", "of attention", "together", ""],
      ...["ms", "", "peak MB", "KB for each further token", "kept on paper"],
    ],
    steps.map(({ tokens, peakBytes }, i) => {
      const before = steps[i - 1];
      const further = before && (peakBytes - before.peakBytes) / (tokens - before.tokens);
      return [
        number(tokens),
        ...[paper[i]?.products ?? NaN, paper[i]?.attention ?? NaN].map((flops) => number(flops / 1e9, 1)),
        ...(giga[i] ?? []),
        ...(times[i] ?? []),
        number(peakBytes / 1e6, 1),
        ...(further === undefined ? ["", ""] : [further, keptPerToken(config)].map((bytes) => number(bytes / 1e3, 1))),
      ];
    }),
  );
}

/** What windows save, on paper and by the clock: one speed for all lengths where they save what they should. */
function savedTable({ windows, full }: WindowsBench["steps"]): string {
  return table(
    [
      "tokens",
      "GFLOP that windows save",
      "ms that they save",
      "GFLOP per second",
      "windows : full, on paper",
      "measured",
    ],
    windows.map(({ tokens, processorMs: ms }, i) => {
      const [narrow, whole] = forms.map((form) => paperFlops(modernConfig(form), tokens));
      const all = ({ products, attention }: ReturnType<typeof paperFlops>) => products + attention;
      const wholeMs = full[i]?.processorMs ?? NaN;
      const saved = narrow && whole ? whole.attention - narrow.attention : NaN;
      return [
        number(tokens),
        number(saved / 1e9, 1),
        number(wholeMs - ms),
        number(saved / 1e6 / (wholeMs - ms), 1),
        number(narrow && whole ? all(narrow) / all(whole) : NaN, 2),
        number(ms / wholeMs, 2),
      ];
    }),
  );
}

/** The section's part of RESULTS.md. */
export function windowsPage({ adapter, steps }: WindowsBench): string {
  const { layers, hidden, heads, intermediate } = SIZES;
  return [
    "## ModernBERT by the tokens of a row",
    `A training step of one row: ${layers} layers of ${hidden}, ${heads} heads, ${intermediate} inner numbers (gated), on wasm in Node (${adapter}); the least of ${REPEATS} steps after a first one, in milliseconds of processor time. On paper a full layer looks at T² pairs of tokens, one of windows at T · ${WINDOW + 1} without what lies outside of the row; scores are not kept, so that memory grows with T alone in both: by what the forward pass keeps of a token, and by what the backward pass makes beside it.`,
    `### Windows of ${WINDOW} tokens, every third layer full`,
    formTable("windows", steps.windows),
    "### All layers full",
    formTable("full", steps.full),
    "### What the windows save",
    savedTable(steps),
  ].join("\n\n");
}
