import { bertBaseFiles } from "./files.ts";
import { bertBaseInNode, type NodePart } from "./node.ts";
import { bertBaseOnPage, type PagePart } from "./page.ts";
import { goalsTable, most, number, table } from "../../runner/tables.ts";

/** A checkpoint of 110 M parameters, from its file through three steps to a file that opens again. */
interface BertBaseBench {
  checkpointBytes: number;
  node: NodePart;
  page: PagePart;
}

/** How far what was exported may be from what was trained: the same weights on the same adapter. */
const SAME = 1e-5;
/** The page's own memory as a multiple of the checkpoint's size; more would mean that something is held twice. */
const MOST_ON_PAGE = 2;

/**
 * Writes a generated BERT-base checkpoint, 440 MB, and goes the whole way with it: in Node, and in the built page in
 * Chromium. It takes minutes and some 3 GB of memory on a software adapter, whose GPU buffers are main memory.
 *
 * @param log takes a line of progress
 * @throws Error when what was exported does not give the same logits
 */
export async function benchBertBase(log: (line: string) => void): Promise<BertBaseBench> {
  const files = await bertBaseFiles();
  log(`a checkpoint of ${number(files.bytes)} bytes`);
  try {
    const node = await bertBaseInNode(files, log);
    if (!(node.worstLogit < SAME)) throw new Error(`The exported model's logits are ${node.worstLogit} off.`);
    const page = await bertBaseOnPage(files, log);
    if (!(page.worstProbability < SAME)) {
      throw new Error(`On the page the exported model's probabilities are ${page.worstProbability} off.`);
    }
    return { checkpointBytes: files.bytes, node, page };
  } finally {
    await files.remove();
  }
}

/** The section's part of RESULTS.md. */
export function bertBasePage({ checkpointBytes, node, page }: BertBaseBench): string {
  const mega = (bytes: number) => number(bytes / 1e6);
  const worst = Math.max(...page.stretches.map(({ own }) => own));
  return [
    "## BERT-base",
    `A generated checkpoint of 110 M parameters (${mega(checkpointBytes)} MB), three steps of 4 rows of 32 tokens on webgpu. Adapter: ${node.adapter}, whose buffers are part of the process in Node, and of another process in Chromium.`,
    `In Node: losses ${node.losses.map((loss) => loss.toFixed(4)).join(", ")}, ${number(node.secondsPerStep, 1)} s a step; what was exported and opened again has the same logits (largest difference ${node.worstLogit}); ${node.shardedTensors} tensors in four shards are those of the one file. The most memory in each stretch, in MB:`,
    table(
      ["", "s", "process", "JavaScript heap", "array buffers and the like", "GPU buffers"],
      node.stretches.map(({ what, seconds, rss, heap, external, gpu }) => {
        return [what, number(seconds, 1), mega(rss), mega(heap), mega(external), mega(gpu)];
      }),
    ),
    `In the built page: the exported zip has ${mega(page.zipBytes)} MB; opened in a fresh tab it gives the same probabilities (largest difference ${page.worstProbability}). The most memory of the tab's process, page and workers, in MB:`,
    table(
      ["", "s", "its own", "shared with the GPU's process"],
      page.stretches.map(({ what, seconds, own, shared }) => [what, number(seconds, 1), mega(own), mega(shared)]),
    ),
    goalsTable([most("the tab's own memory over the checkpoint, the most", MOST_ON_PAGE, worst / checkpointBytes)]),
  ].join("\n\n");
}
