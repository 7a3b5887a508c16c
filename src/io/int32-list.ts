/** Numbers in one typed array that is doubled when it is full: a list without an object or a box for each number. */
export class Int32List {
  /** The numbers are the first `length` of these. */
  values: Int32Array<ArrayBuffer>;
  length = 0;

  constructor(capacity: number) {
    this.values = new Int32Array(capacity);
  }

  push(value: number): void {
    this.reserve(1);
    this.values[this.length++] = value;
  }

  /** Makes room for `more` numbers behind the last. */
  reserve(more: number): void {
    if (this.length + more <= this.values.length) return;
    const larger = new Int32Array(Math.max(2 * this.values.length, this.length + more));
    larger.set(this.values.subarray(0, this.length));
    this.values = larger;
  }

  /** The numbers in memory of their own, so that it can be transferred. */
  toArray(): Int32Array<ArrayBuffer> {
    return this.values.slice(0, this.length);
  }
}
