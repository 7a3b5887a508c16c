import type { TextLimit } from "../data/text-limit.ts";
import { LazyWorker, type WorkerLike } from "./lazy-worker.ts";
import type { Finding, TextChunk, TokenizeCalls, TokenizerFiles } from "./protocol.ts";

/** The tokenizer workers, as the page uses them. */
export class Tokenizers {
  private readonly workers: LazyWorker<TokenizeCalls>[];
  private next = 0;

  constructor(spawn: () => WorkerLike, count: number, onFailure: () => void) {
    this.workers = Array.from({ length: count }, () => new LazyWorker(spawn, undefined, onFailure));
  }

  /** @throws Problem when the files describe no tokenizer */
  async check(files: TokenizerFiles): Promise<void> {
    await this.workers[0]?.calls.check({ files });
  }

  /**
   * Opens the tokenizer of a checkpoint in every worker.
   *
   * @returns one port per worker for `data` (texts in) and for `train` (ids out)
   * @throws Problem when the files describe no tokenizer; the previous tokenizer then stays open
   */
  async open(files: TokenizerFiles): Promise<{ forData: MessagePort[]; forTrain: MessagePort[] }> {
    const forData: MessagePort[] = [];
    const forTrain: MessagePort[] = [];
    await Promise.all(
      this.workers.map((worker) => {
        const data = new MessageChannel();
        const train = new MessageChannel();
        forData.push(data.port1);
        forTrain.push(train.port1);
        const ports = { fromData: data.port2, toTrain: train.port2 };
        return worker.calls.open({ files, ...ports }, { transfer: Object.values(ports) });
      }),
    );
    return { forData, forTrain };
  }

  /** Encodes a few texts and sends the ids to `train` under `job`; resolves when they have been sent. */
  async encode(
    { job, texts, pairs, clean }: Pick<TextChunk, "job" | "texts" | "pairs" | "clean">,
    limit: TextLimit,
  ): Promise<void> {
    const worker = this.workers[this.next++ % this.workers.length];
    const chunk: TextChunk = {
      job,
      index: 0,
      chunks: 1,
      texts,
      pairs,
      limit,
      lengthsOnly: false,
      ...(clean && { clean }),
    };
    await worker?.calls.encode({ chunk });
  }

  /** What is to be said of how well the open tokenizer, and its model, fit some texts. */
  async fit(asked: { texts: string[]; lowercase: boolean; maxPositions: number }): Promise<Finding[]> {
    return (await this.workers[0]?.calls.fit(asked)) ?? [];
  }

  close(): void {
    for (const worker of this.workers) worker.close();
  }
}
