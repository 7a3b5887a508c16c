/** A binary heap that gives the smallest of its numbers first. */
export class NumberHeap {
  private readonly values: number[] = [];

  push(value: number): void {
    const { values } = this;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = values[parent] ?? 0;
      if (above <= value) break;
      values[at] = above;
      at = parent;
    }
    values[at] = value;
  }

  /** Takes the smallest number out; undefined where there is none. */
  pop(): number | undefined {
    const { values } = this;
    const smallest = values[0];
    const last = values.pop();
    if (last === undefined || values.length === 0) return smallest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= values.length) break;
      if ((values[child + 1] ?? Infinity) < (values[child] ?? 0)) child++;
      const below = values[child] ?? 0;
      if (below >= last) break;
      values[at] = below;
      at = child;
    }
    values[at] = last;
    return smallest;
  }
}
