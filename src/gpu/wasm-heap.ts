/** Bytes of each block beside what was asked for; half of them lie before it, so that contents begin at multiples of 8. */
const HEADER = 8;
/** The least that a block holds, and that is cut off from a larger one. */
const LEAST = 8;
/** What the heap grows by beside the block that found no room. */
const MARGIN = 48;
/** Bytes of a block that marks the end of the heap, or where it goes on. */
const MARK = 16;
/** The system adds memory in multiples of this. */
const STEP = 16;
/** Lists of free blocks, by size; the last holds all that is larger. */
const LISTS = 64;
/** Where no list has a fitting block at its head, so many of the largest blocks are tried. */
const TRIES = 99;
/** Lists below this one hold blocks too small for those tries. */
const FIRST_TRIED = 30;
/** Bytes of tfjs-wasm's record of a tensor. */
const RECORD = 20;

interface Block {
  start: number;
  /** Bytes with its header. */
  size: number;
  isFree: boolean;
  /** The neighbours in memory. */
  before: Block | null;
  after: Block | null;
}

/**
 * The heap of tfjs-wasm without its memory: blocks are placed as its allocator, Emscripten's emmalloc, places them. Free
 * blocks lie in lists by size, the one freed last at the head. The first list whose head has room serves, so that a large
 * block is often cut where a small one is free. Each tensor has a record beside it, in a table that grows with them.
 */
export class WasmHeap {
  /** How far the heap ever reached. */
  bytes = 0;
  private readonly lists: Block[][] = Array.from({ length: LISTS }, () => []);
  private readonly used = new Map<number, Block>();
  private last: Block | null = null;
  /** Where the memory ends that the heap knows, and that the system has added. */
  private end = MARK;
  private added = MARK;
  /** Where the records of tensors are, by where the tensors are. */
  private readonly records = new Map<number, number>();
  private table: { entries: number; place: number };

  constructor() {
    // What the start of tfjs-wasm leaves behind: a small free block, and the table.
    this.grow(224);
    const small = this.take(48);
    this.table = { entries: 2, place: this.take(4 * 2) };
    this.giveBack(small);
  }

  /** Places a tensor of `size` bytes, and its record. */
  allocate(size: number): number {
    const place = this.take(size);
    this.records.set(place, this.take(RECORD));
    if (this.records.size > this.table.entries) this.enlargeTable();
    return place;
  }

  /** Frees a tensor and its record. */
  free(place: number): void {
    this.giveBack(place);
    const record = this.records.get(place);
    this.records.delete(place);
    if (record !== undefined) this.giveBack(record);
  }

  /** Tensors of wasm share no buffer. */
  destroy(place: number): void {
    this.free(place);
  }

  private enlargeTable(): void {
    const { entries, place } = this.table;
    const more = primeFrom(2 * entries + 1);
    this.table = { entries: more, place: this.take(4 * more) };
    this.giveBack(place);
  }

  private take(bytes: number): number {
    const size = HEADER + Math.max(LEAST, Math.ceil(bytes / 4) * 4);
    for (;;) {
      const block = this.fitting(size);
      if (block) return this.cut(block, size);
      this.grow(size - HEADER + MARGIN);
    }
  }

  /** A free block that the allocator finds room in; null where it finds none. */
  private fitting(size: number): Block | null {
    const hasRoom = (block: Block) => block.size >= size + unaligned(block);
    for (let i = listOf(size); i < LISTS; i++) {
      const list = this.lists[i] ?? [];
      const [head] = list;
      if (!head) continue;
      if (hasRoom(head)) return head;
      // It is the last of its list from now on.
      list.push(...list.splice(0, 1));
    }
    const largest = this.lists.findLastIndex((list) => list.length > 0);
    if (largest < FIRST_TRIED) return null;
    return this.lists[largest]?.slice(0, TRIES).find(hasRoom) ?? null;
  }

  /** Takes a free block, whose end stays free where it is large enough to be a block. */
  private cut(block: Block, size: number): number {
    this.unlist(block);
    const moved = unaligned(block);
    if (block.before) block.before.size += moved;
    block.start += moved;
    block.size -= moved;
    if (block.size - size >= HEADER + LEAST) {
      const rest = { start: block.start + size, size: block.size - size };
      block.size = size;
      this.list(this.insert(rest, block));
    }
    this.used.set(block.start, block);
    this.bytes = Math.max(this.bytes, block.start + block.size);
    return block.start;
  }

  private giveBack(place: number): void {
    let block = this.used.get(place);
    if (!block) throw new Error("A block was freed that the heap does not have.");
    this.used.delete(place);
    const { before, after } = block;
    if (before?.isFree) {
      this.unlist(before);
      this.join(before, block);
      block = before;
    }
    if (after?.isFree) {
      this.unlist(after);
      this.join(block, after);
    }
    this.list(block);
  }

  /**
   * Adds memory at the end. Where the system has added more than was asked for, the allocator finds a hole before what is
   * new, and leaves it and the end of what was before.
   */
  private grow(bytes: number): void {
    const start = this.added;
    const { last } = this;
    const goesOn = start === this.end;
    this.added += Math.ceil(bytes / STEP) * STEP;
    this.end = start + bytes;
    if (goesOn && last?.isFree) {
      this.unlist(last);
      last.size += bytes;
      this.list(last);
      return;
    }
    // The mark of the end so far is memory again.
    if (goesOn) return this.list(this.insert({ start: start - MARK, size: bytes }, last));
    const mark = this.insert({ start, size: MARK }, last);
    this.list(this.insert({ start: start + MARK, size: bytes - 2 * MARK }, mark));
  }

  private insert({ start, size }: Pick<Block, "start" | "size">, before: Block | null): Block {
    const block: Block = { start, size, isFree: false, before, after: before?.after ?? null };
    if (before) before.after = block;
    if (block.after) block.after.before = block;
    else this.last = block;
    return block;
  }

  /** Makes one block of two neighbours. */
  private join(block: Block, after: Block): void {
    block.size += after.size;
    block.after = after.after;
    if (after.after) after.after.before = block;
    else this.last = block;
  }

  private list(block: Block): void {
    block.isFree = true;
    this.lists[listOf(block.size)]?.unshift(block);
  }

  private unlist(block: Block): void {
    block.isFree = false;
    const list = this.lists[listOf(block.size)];
    list?.splice(list.indexOf(block), 1);
  }
}

/** How far a block must move for its contents to begin at a multiple of 8. */
function unaligned({ start }: Block): number {
  return (start + HEADER / 2) % 8;
}

/**
 * The list of free blocks of a size: by what they hold, one for each 8 bytes below 128, then four for each power of two,
 * and two from 4,096 bytes on.
 */
function listOf(size: number): number {
  const bytes = size - HEADER;
  if (bytes < 128) return (bytes >> 3) - 1;
  const power = 31 - Math.clz32(bytes);
  if (power < 12) return 14 + 4 * (power - 7) + ((bytes >>> (power - 2)) & 3);
  return Math.min(LISTS - 1, 33 + 2 * (power - 12) + ((bytes >>> (power - 1)) & 1));
}

/** The least prime number that is not below an odd one. */
function primeFrom(odd: number): number {
  for (let divisor = 3; divisor * divisor <= odd; divisor += 2) if (odd % divisor === 0) return primeFrom(odd + 2);
  return odd;
}
