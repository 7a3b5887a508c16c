/** One value of a JSON text; `line` is the line (1-based) at which it begins. */
interface JsonElement {
  text: string;
  line: number;
}

/**
 * Cuts the elements of a list, or values that stand one after the other, out of a JSON text that comes in pieces, so
 * that only one of them stands in memory at a time.
 */
export class JsonElements {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private line = 1;
  private startLine = 1;
  private parts: string[] = [];
  /** Whether an element has begun. */
  private open = false;
  private started = false;

  /** @param level 1 for the elements of a list, 0 for values one after the other */
  constructor(private readonly level: 0 | 1) {}

  /** True once the list is closed, or no value is open. */
  get isComplete(): boolean {
    return this.depth === 0 && !this.inString && !this.open;
  }

  *push(piece: string): Generator<JsonElement, undefined> {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === 10) this.line++;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === 92) this.escaped = true;
        else if (code === 34) this.inString = false;
        continue;
      }
      if (code === 32 || code === 10 || code === 13 || code === 9) continue;
      const opens = code === 91 || code === 123;
      const closes = code === 93 || code === 125;
      if (closes) this.depth--;
      const ends = this.open && ((code === 44 && this.depth === this.level) || (closes && this.depth <= this.level));
      if (ends) {
        // A bracket at the level itself closes the element, one below it the list.
        const end = closes && this.depth === this.level ? at + 1 : at;
        this.parts.push(piece.slice(from, end));
        yield { text: this.parts.join(""), line: this.startLine };
        this.parts = [];
        this.open = false;
      } else if (!this.open && !closes && code !== 44 && (this.started || this.level === 0)) {
        this.open = true;
        this.startLine = this.line;
        from = at;
      }
      if (code === 34) this.inString = true;
      if (opens) {
        this.depth++;
        this.started = true;
      }
    }
    if (this.open) this.parts.push(piece.slice(from));
  }
}
