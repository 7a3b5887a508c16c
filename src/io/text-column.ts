/** Texts in order, for example an array of strings. */
export interface Texts extends Iterable<string> {
  readonly length: number;
  at(row: number): string | undefined;
}

/** Rows in UTF-8, and where each ends in the decoded text, in UTF-16 units `ends[rows]`. */
interface Block {
  bytes: Uint8Array;
  ends: Uint32Array;
}

const ROWS_PER_BLOCK = 256;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Texts stored as UTF-8, so that a million of them take only their bytes and no object each. They are best read in
 * order, since rows are decoded in blocks.
 */
export class TextColumn implements Texts {
  length = 0;
  private readonly blocks: Block[] = [];
  /** The last rows, which do not fill a block yet. */
  private pending: string[] = [];
  private decoded: { block: Block | null; text: string } = { block: null, text: "" };

  static of(texts: Iterable<string>): TextColumn {
    const column = new TextColumn();
    for (const text of texts) column.push(text);
    column.seal();
    return column;
  }

  /** Adds a row. Half of a pair of surrogates, which no decoded file has, becomes U+FFFD. */
  push(text: string): void {
    this.pending.push(text);
    this.length++;
    if (this.pending.length === ROWS_PER_BLOCK) this.seal();
  }

  /** Releases the last strings pushed, which may be slices of a whole file; called once, at the end. */
  seal(): void {
    const ends = new Uint32Array(this.pending.length);
    let end = 0;
    this.pending.forEach((text, row) => (ends[row] = end += text.length));
    this.blocks.push({ bytes: encoder.encode(this.pending.join("")), ends });
    this.pending = [];
  }

  at(row: number): string | undefined {
    const block = this.blocks[Math.floor(row / ROWS_PER_BLOCK)];
    const place = row % ROWS_PER_BLOCK;
    const end = block?.ends[place];
    if (block === undefined || end === undefined) return this.pending[place];
    if (this.decoded.block !== block) this.decoded = { block, text: decoder.decode(block.bytes) };
    return this.decoded.text.slice(place === 0 ? 0 : block.ends[place - 1], end);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let row = 0; row < this.length; row++) yield this.at(row) ?? "";
  }
}

/** A selection of rows of other texts, in any order. */
export class PickedTexts implements Texts {
  constructor(
    private readonly all: Texts,
    private readonly rows: Int32Array,
  ) {}

  get length(): number {
    return this.rows.length;
  }

  at(row: number): string | undefined {
    return this.all.at(this.rows[row] ?? -1);
  }

  *[Symbol.iterator](): Generator<string> {
    for (const row of this.rows) yield this.all.at(row) ?? "";
  }
}

/** Other texts, each changed in the same way when it is read. */
export class MappedTexts implements Texts {
  constructor(
    private readonly all: Texts,
    private readonly changed: (text: string) => string,
  ) {}

  get length(): number {
    return this.all.length;
  }

  at(row: number): string | undefined {
    const text = this.all.at(row);
    return text === undefined ? undefined : this.changed(text);
  }

  *[Symbol.iterator](): Generator<string> {
    for (const text of this.all) yield this.changed(text);
  }
}
