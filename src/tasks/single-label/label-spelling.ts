/** Steps that make labels equal which look alike, by what they take away. Each leaves a label that has none as it is. */
const steps: readonly (readonly [difference: string, step: (label: string) => string])[] = [
  ["Unicode form (NFC and NFD)", (label) => label.normalize("NFC")],
  [
    "invisible characters",
    (label) => label.replace(/[\p{Cf}\ufe00-\ufe0f\u034f\u115f\u1160\u3164\uffa0]|(?![\t\n\r])\p{Cc}/gu, ""),
  ],
  ["spaces", (label) => label.replace(/\s+/g, " ").trim()],
  [
    "quotes and dashes",
    (label) =>
      label
        .replace(/[‘’‚‛´`′]/g, "'")
        .replace(/[“”„‟″«»]/g, '"')
        .replace(/[‐‑‒–—―−]/g, "-"),
  ],
  ["full-width or other forms of letters", (label) => label.normalize("NFKC")],
  ["letters of another script", latinLookAlikes],
  // By capitals first, so that "STRASSE" and "Straße" are one.
  ["case", (label) => label.toUpperCase().toLowerCase()],
  ["the same number", sameNumber],
];

/** What look-alike labels have in common: case, spaces, invisible characters and the writing of a number do not count. */
export function spellingKey(label: string): string {
  return steps.reduce((key, [, step]) => step(key), label);
}

/** What keeps two look-alike labels apart: "case", "spaces", "the same number", … */
export function differencesOf(one: string, other: string): string[] {
  const found: string[] = [];
  let [a, b] = [one, other];
  for (const [difference, step] of steps) {
    const [nextA, nextB] = [step(a), step(b)];
    // A step that takes something from one of them alone, or makes both equal, is a difference.
    if (a !== b && (nextA === nextB || (nextA !== a) !== (nextB !== b))) found.push(difference);
    [a, b] = [nextA, nextB];
  }
  return found;
}

/** Labels that look alike, each group by its commonest spelling first; of as many rows the first label given. */
export function lookAlikes(counts: ReadonlyMap<string, number>): string[][] {
  const firsts = new Map<string, string>();
  // Lists are made of the few that have company: a million ids have a million keys.
  const groups = new Map<string, string[]>();
  for (const label of counts.keys()) {
    const key = spellingKey(label);
    const first = firsts.get(key);
    const group = groups.get(key);
    if (group) group.push(label);
    else if (first !== undefined) groups.set(key, [first, label]);
    else firsts.set(key, label);
  }
  const rows = (label: string) => counts.get(label) ?? 0;
  return [...groups.values()].map((group) => group.sort((a, b) => rows(b) - rows(a)));
}

/** Letters of Greek and Cyrillic that look like Latin ones, in a label that has Latin letters too. */
function latinLookAlikes(label: string): string {
  if (!/[A-Za-z]/.test(label) || !/[\u0370-\u04ff]/.test(label)) return label;
  return label.replace(/[\u0370-\u04ff]/g, (letter) => alike.get(letter) ?? letter);
}

const alike = new Map(
  [..."АВЕЅІЈКМНОРСТХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"].map((letter, place) => [
    letter,
    "ABESIJKMHOPCTXaesijopcyxABEZHIKMNOPTYXo"[place] ?? letter,
  ]),
);

/** A number in its shortest writing: 1 for "1.0", "01" and "+1". */
function sameNumber(label: string): string {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(label) && label.length < 16 ? String(Number(label) + 0) : label;
}
