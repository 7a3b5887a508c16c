type Report = (done: number, total: number) => void;
type Fetch<Files> = (report: Report) => Promise<Files>;

/** Files at hand, or a function that fetches them and reports its progress. */
export type Source<Files> = Files | Fetch<Files>;

/** True until something newer is requested. */
export type IsNewest = () => boolean;

/** Makes a function that marks a request as the newest, and returns a check whether it still is. */
export function newestOf(): () => IsNewest {
  let newest = 0;
  return () => {
    const mine = ++newest;
    return () => mine === newest;
  };
}

/** Fetches files; null if newer ones were requested meanwhile, which must not be replaced by these. */
export async function fetched<Files>(fetch: Fetch<Files>, isNewest: IsNewest, report: Report): Promise<Files | null> {
  const files = await fetch((done, total) => {
    if (isNewest()) report(done, total);
  });
  return isNewest() ? files : null;
}

/** Whether the files have to be fetched first. */
export function isFetch<Files>(source: Source<Files>): source is Fetch<Files> {
  return typeof source === "function";
}
