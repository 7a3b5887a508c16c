/** Cells by the kind of a column, for tables of a shape that public data sets have. */
const said = "the staff was kind and helped me with my order again today but parking outside took rather long".split(
  " ",
);
const chinese = "这家酒店的服务非常好房间也很干净我们下次还会再来住";
const thai = "อาหารอร่อยมากบริการดีแต่ราคาแพงไปหน่อยคราวหน้าจะมาอีก";

const sentence = (row: number, from: number, length: number) =>
  Array.from({ length }, (_, at) => said[(row * 7 + at * (from + 3)) % said.length]).join(" ") + ` ${row}`;
const cut = (text: string, row: number) => text.slice(row % 7) + text.slice(0, row % 5) + String(row);
const one = (row: number, values: readonly string[]) => values[(row * 13 + Math.floor(row / 5)) % values.length] ?? "";

const kinds: Record<string, (row: number, place: number) => string> = {
  text: (row, place) => sentence(row, place, 12),
  long: (row, place) => sentence(row, place, 60),
  title: (row, place) => sentence(row, place, 4),
  zh: (row) => cut(chinese, row),
  th: (row) => cut(thai, row),
  word: (row) => `word${row}`,
  two: (row) => one(row, ["a", "b"]),
  mood: (row) => one(row, ["positive", "negative", "neutral"]),
  binary: (row) => one(row, ["0", "1"]),
  mark: (row, place) => (row % (place + 3) === 0 ? "1" : "0"),
  stars: (row) => one(row, ["1", "2", "3", "4", "5"]),
  many: (row) => `class ${row % 40}`,
  ten: (row) => one(row, "abcdefghij".split("")),
  id: (row) => String(1000 + row),
  float: (row) => (1 + ((row * 37) % 400) / 100).toFixed(2),
  fractions: (row) => (row % 24) + ".5",
  count: (row) => String(row % 4),
  date: (row) => `2021-0${1 + (row % 9)}-1${row % 10}`,
  url: (row) => `https://example.org/${row}`,
  lang: (row) => one(row, ["en", "de", "fr"]),
  split: (row) => one(row, ["train", "train", "test", "dev"]),
  person: (row) => `Ann ${String.fromCharCode(65 + (row % 26))} ${row % 60}`,
  place: (row) => one(row, ["Oslo", "Rome", "Lima", "Kyoto", "Accra", "Quito"]),
  empty: () => "",
  tokens: (row) => JSON.stringify(sentence(row, 1, 5 + (row % 3)).split(" ")),
  tags: (row) =>
    JSON.stringify(
      sentence(row, 1, 5 + (row % 3))
        .split(" ")
        .map((_, at) => (at === 1 ? "B-PER" : "O")),
    ),
  list: (row) => JSON.stringify(row % 3 === 0 ? ["joy", "fear"] : [one(row, ["joy", "anger", "fear"])]),
  bars: (row) =>
    row % 4 === 0 ? one(row, ["joy|anger", "fear|joy", "anger|fear"]) : one(row, ["joy", "anger", "fear"]),
  commas: (row) => (row % 5 === 0 ? one(row / 5, ["3,7", "7,12", "3,7,12"]) : one(row, ["3", "7", "12", "27"])),
};

/** Columns as "name:kind", and cells by column. */
export function tableOf(spec: string, rows = 240): { columns: string[]; cells: string[][] } {
  const parts = spec.split(/,\s*/).map((part) => {
    const at = part.lastIndexOf(":");
    return { name: part.slice(0, at), kind: part.slice(at + 1) };
  });
  const cells = parts.map(({ kind }, place) =>
    Array.from({ length: rows }, (_, row) => (kinds[kind] ?? unknownKind(kind))(row, place)),
  );
  return { columns: parts.map(({ name }) => name), cells };
}

function unknownKind(kind: string): never {
  throw new Error(`There is no kind of column called ${kind}.`);
}
