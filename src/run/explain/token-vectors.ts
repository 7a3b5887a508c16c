import type { Tensor } from "@tensorflow/tfjs-core";
import { readTensor, readTensors } from "../../gpu/read-back.ts";
import { runningDevice } from "../../gpu/running.ts";
import {
  disposeBatch,
  positionsOf,
  uploadBatch,
  type Capacity,
  type DeviceBatch,
  type TableSizes,
  type TokenBatch,
} from "../../ops/device-batch.ts";
import { deviceTensor, deviceZeros, fillTensor } from "../../ops/device-tensor.ts";
import { embeddingSum } from "../../ops/embedding/embedding.ts";
import type { Classifier } from "../../model/classifier.ts";

/**
 * A classifier that reads a word vector of each token's own in place of token ids, so that its outputs have a gradient
 * by each of them. The word table has a row for each token of a batch: the table's gradient, summed over the tokens of
 * each row, then is the gradient of each token. All families look words up in such a table, whatever comes after.
 * Position and type embeddings stay as they are.
 */
export class TokenVectors {
  private readonly table: Tensor;
  private readonly model: Classifier;
  private readonly tables: TableSizes;
  /** Numbers of a word vector. */
  readonly width: number;

  /**
   * @param source whose weights are used as they are now
   * @param capacity of the batches
   */
  constructor(
    private readonly source: Classifier,
    readonly capacity: Capacity,
  ) {
    this.width = source.wordTable.value.shape[1] ?? 0;
    this.table = deviceZeros([capacity.tokens, this.width]);
    this.model = source.withWordTable(this.table);
    this.tables = { ...source.tables, word: capacity.tokens };
    // Positions come with the batch: these ids are not the tokenizer's.
    delete this.tables.padding;
  }

  /** The word vectors of these tokens [T · width]. */
  async vectorsOf(ids: Int32Array): Promise<Float32Array<ArrayBuffer>> {
    const numbers = new Int32Array(4 * ids.length);
    ids.forEach((id, token) => (numbers[4 * token] = id));
    const tokens = deviceTensor(numbers, [ids.length, 4]);
    const looked = { word: this.source.wordTable.value, position: null, type: null };
    const vectors = embeddingSum(looked, tokens, numbers, ids.length);
    const values = await readTensor(vectors);
    tokens.dispose();
    vectors.dispose();
    return values.subarray(0, ids.length * this.width);
  }

  /**
   * Outputs [B · C] of rows, or of places, without dropout.
   *
   * @param vectors of each token [T · width], in place of the batch's ids, which decide its positions alone
   */
  async outputs(batch: TokenBatch, vectors: Float32Array): Promise<Float32Array> {
    const uploaded = await this.upload(batch, vectors, "inference");
    const logits = this.model.infer(uploaded);
    const values = await readTensor(logits);
    logits.dispose();
    disposeBatch(uploaded);
    return values.subarray(0, outputsOf(uploaded) * (logits.shape[1] ?? 0));
  }

  /**
   * The same outputs, and the gradient of one of them per row, or per place, by each token's vector [T · width].
   *
   * @param output its number, from 0 to C − 1
   */
  async gradients(
    batch: TokenBatch,
    vectors: Float32Array,
    output: number,
  ): Promise<{ outputs: Float32Array; gradients: Float32Array }> {
    const uploaded = await this.upload(batch, vectors, "training");
    const { logits, pass } = this.model.forward(uploaded);
    const [rows, classes = 0] = [outputsOf(uploaded), logits.shape[1]];
    const chosen = new Float32Array(logits.size);
    for (let row = 0; row < rows; row++) chosen[row * classes + output] = 1;
    const dLogits = deviceTensor(chosen, logits.shape);
    const { wordTable } = this.model;
    const gradient = this.model.backward(dLogits, pass, (parameter) => parameter === wordTable).get(wordTable);
    if (!gradient) throw new Error("The word table has no gradient.");
    const [outputs, gradients] = await readTensors([logits, gradient]);
    for (const tensor of [logits, dLogits, gradient]) tensor.dispose();
    disposeBatch(uploaded);
    if (!outputs || !gradients) throw new Error("Gradients were read and nothing came back.");
    return {
      outputs: outputs.subarray(0, rows * classes),
      gradients: gradients.subarray(0, uploaded.tokens * this.width),
    };
  }

  dispose(): void {
    this.table.dispose();
  }

  private async upload(batch: TokenBatch, vectors: Float32Array, purpose: "training" | "inference") {
    runningDevice().orderFreeBuffers();
    const values = new Float32Array(this.table.size);
    values.set(vectors);
    await fillTensor(this.table, () => values);
    const numbered = {
      ...batch,
      ids: batch.ids.map((_, token) => token),
      positions: positionsOf(batch, this.source.tables),
    };
    return uploadBatch(numbered, this.capacity, this.tables, purpose);
  }
}

/** Rows of a batch's outputs. */
const outputsOf = ({ places, rows }: DeviceBatch) => places?.count ?? rows;
