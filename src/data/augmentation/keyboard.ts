/** The letters of a QWERTY keyboard, row by row, and how far each row is moved to the right, in keys. */
const keyRows = [
  { letters: "qwertyuiop", moved: 0 },
  { letters: "asdfghjkl", moved: 0.25 },
  { letters: "zxcvbnm", moved: 0.75 },
];

/** Keys whose middles are nearer than this, in keys, are beside each other. */
const BESIDE = 1.3;

const keys = keyRows.flatMap(({ letters, moved }, y) =>
  Array.from(letters, (letter, x) => ({ letter, x: x + moved, y })),
);

const neighbours = new Map(
  keys.map(({ letter, x, y }) => {
    const near = keys.filter((key) => key.letter !== letter && Math.hypot(key.x - x, key.y - y) < BESIDE);
    return [letter, near.map((key) => key.letter)];
  }),
);

/** The letters beside one on a QWERTY keyboard, in its case; none for other characters. */
export function neighboursOf(letter: string): readonly string[] {
  const small = letter.toLowerCase();
  const near = neighbours.get(small) ?? [];
  return letter === small ? near : near.map((one) => one.toUpperCase());
}
