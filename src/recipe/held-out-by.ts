/** The names of the columns by which validation rows were held out; absent where there is none. */
export interface HeldOutBy {
  group?: string;
  time?: string;
}

/** What is held out by columns: "the latest rows by “date”, whole groups of “author”". */
export function heldOutText({ group, time }: HeldOutBy): string {
  const by = [
    ...(time === undefined ? [] : [`the latest rows by “${time}”`]),
    ...(group === undefined ? [] : [`whole groups of “${group}”`]),
  ];
  return by.join(", ");
}
