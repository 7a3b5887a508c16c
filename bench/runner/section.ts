/** Options of the benchmarks' command line. */
export interface BenchOptions {
  /** SST-2's train.tsv, or null: then random ids of the lengths of 16 of its rows take their place. */
  sst2: string | null;
  /** Where runs of ours go whose backend is free to choose: auto, webgpu, wasm or cpu. */
  backend: string;
  /** Threads of wasm where a section leaves them free, or null for its own choice. */
  threads: number | null;
  /** Where section gpu measures: in Node, in a page in Chromium, or in a browser that a person opens. */
  where: "node" | "chromium" | "browser";
}

/**
 * One measurement of the bench. Each runs in a process of its own, so that no peer's kernels, pools or heap are there
 * for the next. A result is plain JSON.
 */
interface Section<Result> {
  /** One line for the help. */
  about: string;
  /** @param log takes a line of progress */
  measure: (log: (line: string) => void, options: BenchOptions) => Promise<Result>;
  /** The result as Markdown: what was measured and how, then its tables; headings start at `##`. */
  page: (result: Result) => string;
}

/** A section whose kind of result is forgotten: what `measure` gave is what `page` takes. */
export type AnySection = Section<unknown>;

/** Checks a section against its own kind of result. */
export function section<Result>({ about, measure, page }: Section<Result>): AnySection {
  return { about, measure, page: (result) => page(result as Result) };
}
