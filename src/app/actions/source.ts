type Tell = (done: number, total: number) => void;
type Fetch<Files> = (tell: Tell) => Promise<Files>;

/** Files at hand, or what fetches them and reports how far it is. */
export type Source<Files> = Files | Fetch<Files>;

/** True while nothing newer was asked for. */
export type IsNewest = () => boolean;

/** Tells for each of several calls, later, whether another came after it. */
export function newestOf(): () => IsNewest {
  let newest = 0;
  return () => {
    const mine = ++newest;
    return () => mine === newest;
  };
}

/**
 * Fetches files, which give way to those that are chosen meanwhile and would else be replaced by them: then null.
 */
export async function fetched<Files>(fetch: Fetch<Files>, isNewest: IsNewest, tell: Tell): Promise<Files | null> {
  const files = await fetch((done, total) => {
    if (isNewest()) tell(done, total);
  });
  return isNewest() ? files : null;
}

/** Whether the files have to be fetched first. */
export function isFetch<Files>(source: Source<Files>): source is Fetch<Files> {
  return typeof source === "function";
}
