/** Tokens of a block: what a workgroup of the tiled kernels computes of one head, and walks over at once. */
export const BLOCK = 32;

/** The most blocks that rows of a batch have: each row begins with one, and every further one is full before it. */
export function blockCapacity(tokens: number, rows: number): number {
  return rows + Math.floor(tokens / BLOCK);
}

/**
 * The blocks of rows laid end to end, as int32 [capacity, 4]: position in its row of a block's first token, first token
 * of the row, length of the row, and the row. What is past the last block is zero.
 *
 * @param rowStart first token of each row, and the end [B + 1]
 */
export function rowBlocks(rowStart: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const blocks = new Int32Array(4 * capacity);
  let at = 0;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let first = 0; first < end - start; first += BLOCK, at += 4) blocks.set([first, start, end - start, row], at);
  }
  return blocks;
}

/** Consecutive blocks, with the blocks of their rows that each of them walks over, added up. */
interface BlockRange {
  first: number;
  end: number;
  tiles: number;
}

/**
 * Cuts the blocks into ranges of at most `most` pairs of blocks, but at least one block each.
 *
 * @param reach tokens that a token looks at to each side, at most
 */
export function blockRanges(rowStart: Int32Array, most: number, reach = Infinity): BlockRange[] {
  const mostWalked = 2 * Math.ceil(reach / BLOCK) + 1;
  const ranges: BlockRange[] = [];
  let range = { first: 0, end: 0, tiles: 0 };
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const ofRow = Math.ceil(((rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0)) / BLOCK);
    const walked = Math.min(ofRow, mostWalked);
    for (let block = 0; block < ofRow; block++) {
      if (range.tiles > 0 && range.tiles + walked > most) {
        ranges.push(range);
        range = { first: range.end, end: range.end, tiles: 0 };
      }
      range.end++;
      range.tiles += walked;
    }
  }
  return range.tiles > 0 ? [...ranges, range] : ranges;
}
