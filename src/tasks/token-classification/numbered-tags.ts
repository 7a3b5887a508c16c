import type { Finding } from "../../data/summary.ts";
import { counted } from "../../recipe/wording.ts";

/** Numbers of words' tags, as they come: what a file has that leaves the names to another one. */
export class TagNumbers {
  private readonly counts = new Map<string, number>();
  /** Numbers that come after each one in some text; "" for the beginning of a text. */
  private readonly before = new Map<string, Set<string>>();

  /** Takes the tags of one text. */
  add(tags: readonly string[]): void {
    let last = "";
    for (const tag of tags) {
      this.counts.set(tag, (this.counts.get(tag) ?? 0) + 1);
      this.before.set(tag, (this.before.get(tag) ?? new Set()).add(last));
      last = tag;
    }
  }

  /** How the numbers are read; null where tags are no numbers. */
  form(): NumberedTags | null {
    const tags = [...this.counts.keys()];
    if (tags.length === 0 || !tags.every((tag) => /^\d+$/.test(tag))) return null;
    const most = tags.reduce((largest, tag) => Math.max(largest, Number(tag)), 0);
    if (this.arePairs()) return pairs(Math.ceil(most / 2));
    const words = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const nameOf = (number: number) =>
      number === 0 && 2 * (this.counts.get("0") ?? 0) > words ? "O" : `LABEL_${number}`;
    const names = tags
      .map(Number)
      .sort((a, b) => a - b)
      .map(nameOf);
    return { names, nameOf, text: `each is learned as a type by itself, such as ${names.at(-1) ?? ""}` };
  }

  /** Whether 0 is outside and each pair of numbers after it begins and goes on: an even one follows itself or its odd one. */
  private arePairs(): boolean {
    const isEven = (tag: string) => Number(tag) > 0 && Number(tag) % 2 === 0;
    const even = [...this.before].filter(([tag]) => isEven(tag));
    const follow = even.every(([tag, before]) =>
      [...before].every((last) => last === tag || last === String(Number(tag) - 1)),
    );
    const most = Math.max(...this.counts.values());
    return follow && even.length > 0 && this.counts.get("0") === most;
  }
}

/** How numbers of tags are read. */
interface NumberedTags {
  /** Names of a new head. */
  names: string[];
  nameOf: (number: number) => string;
  /** The same in words, to follow "The tags are numbers without names: ". */
  text: string;
}

/** The order of Hugging Face's data sets: O, B-TYPE_1, I-TYPE_1, B-TYPE_2 and so on. */
function pairs(types: number): NumberedTags {
  const nameOf = (number: number) =>
    number === 0 ? "O" : `${number % 2 === 1 ? "B" : "I"}-TYPE_${Math.ceil(number / 2)}`;
  return {
    names: Array.from({ length: 2 * types + 1 }, (_, number) => nameOf(number)),
    nameOf,
    text: `each even one comes only after itself or the odd one before it, so that they are read as O and the first and further words of ${counted(types, "type")}`,
  };
}

/** Says how numbers of tags were read. */
export function numberedFinding({ text }: Pick<NumberedTags, "text">): Finding {
  return {
    id: "numbered-tags",
    severity: "warning",
    text: `The tags are numbers without names: ${text}.`,
    remedy: "Write names such as B-PER in place of the numbers: they are what the model says.",
    tableRows: [],
  };
}
