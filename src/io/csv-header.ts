import { isBlank, type ScannedRow } from "./row-scanner.ts";

/** What comes above the first row of a table. */
export interface Heading {
  /** Number of rows at the top that are not part of the table, blank ones included. */
  skippedRows: number;
  header: boolean;
  /** Number of rows below the header that belong to it, such as types and flags. */
  headerRows: number;
  /** Whether each row begins with a name or number for which the header has no cell, as R writes tables. */
  rowNames: boolean;
}

const MOST_TITLE_ROWS = 25;

/**
 * Finds titles and comments above a table, its header, and further lines of the header, in the first rows.
 *
 * @param width the common number of cells
 */
export function findHeading(rows: readonly ScannedRow[], width: number, header: boolean | undefined): Heading {
  const skippedRows = titleRows(rows, width);
  const below = rows.slice(skippedRows).filter(({ cells }) => !isBlank(cells));
  const cells = below.map((row) => row.cells);
  const rowNames = header !== false && haveRowNames(cells);
  const isHeader = header ?? hasHeader(rowNames ? [["", ...(cells[0] ?? [])], ...cells.slice(1)] : cells);
  return {
    skippedRows,
    header: isHeader,
    headerRows: isHeader ? furtherHeaderRows(below) : 0,
    rowNames: rowNames && isHeader,
  };
}

/** True where all rows have one cell more than the first, and begin with whole numbers that differ. */
function haveRowNames([first, ...rest]: readonly (readonly string[])[]): boolean {
  if (first === undefined || rest.length < 4 || first.some((cell) => cell.trim() === "" || isNumber(cell)))
    return false;
  // Where the header names the numbers, a later cell has too many delimiters.
  if (/^(id|idx|index|no|nr|key|number|row)\b/i.test(first[0]?.trim() ?? "")) return false;
  const names = new Set(rest.map((row) => row[0]?.trim() ?? ""));
  const isWider = rest.every((row) => row.length === first.length + 1);
  return isWider && names.size === rest.length && [...names].every((name) => /^\d+$/.test(name));
}

/** The number of rows above the table. A row is skipped only where the rows below it support that. */
function titleRows(rows: readonly ScannedRow[], width: number): number {
  let skipped = 0;
  // `sep=;`, of which a reading by ";" makes two cells.
  if (/^"?sep=.?"?$/i.test(rows[0]?.cells[0] ?? "")) skipped = 1;
  const start = skipped;
  for (let at = start; at < Math.min(rows.length, MOST_TITLE_ROWS); at++) {
    const cells = rows[at]?.cells ?? [];
    const filled = cells.filter((cell) => cell.trim() !== "").length;
    if (filled === 0) {
      // Blank lines are never rows; below a title they show that it is one.
      skipped = at + 1;
      continue;
    }
    const isComment = /^\s*(#|\/\/|%|--)/.test(cells[0] ?? "");
    const isNarrow = width >= 2 && (filled === 1 || cells.length < width);
    if (!isComment && !isNarrow) break;
    const rest = rows.slice(at + 1).filter((row) => row.cells.some((cell) => cell.trim() !== ""));
    const next = rest.findIndex(({ cells: below }) => below.filter((cell) => cell.trim() !== "").length >= 2);
    const table = next < 0 ? rest : rest.slice(next);
    const blankFollows = (rows[at + 1]?.cells ?? ["x"]).every((cell) => cell.trim() === "");
    const looksNamed = isNamed(table.map((row) => row.cells));
    if (isComment && cells.length === width && filled === width && !looksNamed) break;
    if (!(looksNamed || (isNarrow && blankFollows) || (isComment && isNarrow))) break;
    skipped = at + 1;
  }
  return skipped;
}

/** Whether there is evidence that the first row is a header, not only no evidence against it. */
export function isNamed(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 1 && headerEvidence(rows) >= 1;
}

/** Whether the first row names the columns; without evidence it does. */
function hasHeader(rows: readonly (readonly string[])[]): boolean {
  return headerEvidence(rows) >= 0;
}

/** Evidence summed over the columns: above 0 for a header, below 0 for data. */
function headerEvidence(rows: readonly (readonly string[])[]): number {
  const [first, ...below] = rows;
  if (first === undefined) return 0;
  // A repeated header, as in concatenated files, is no evidence against itself.
  const rest = below.filter(
    (row) => row.length < 2 || row.some((cell, column) => cell.trim() !== first[column]?.trim()),
  );
  if (rest.length === 0) return 0;
  if (isCounting(first, rest)) return 3;
  let sum = 0;
  first.forEach((cell, column) => {
    const below = rest.map((row) => (row[column] ?? "").trim()).filter((value) => value !== "");
    sum += cellEvidence(cell.trim(), below, column);
  });
  return sum;
}

function cellEvidence(cell: string, below: readonly string[], column: number): number {
  if (below.length === 0) return cell === "" ? 0 : 0.2;
  const numeric = below.filter(isNumber).length / below.length;
  if (cell === "") {
    if (column > 0) return -1.5;
    return [0, 1].some((start) => below.every((value, row) => value === String(row + start))) ? 2 : 0;
  }
  if (isNumber(cell)) return numeric > 0.8 ? -3 : -1.5;
  let sum = numeric > 0.9 ? 2 : 0;
  const word = headerWord(cell);
  const again = below.filter((value) => value === cell).length;
  const words = cell.split(/\s+/).length;
  const meanWords = below.reduce((total, value) => total + value.split(/\s+/).length, 0) / below.length;
  const meanLength = below.reduce((total, value) => total + value.length, 0) / below.length;
  if (again > 0) sum -= word === 2 ? 1 : 2;
  else sum += word === 2 ? 3 : word === 1 && words <= 4 ? 1.5 : 0;
  if (again === 0 && /^[\p{L}]+([_.][\p{L}\d]+)+$|^\p{Ll}+\p{Lu}\p{Ll}+/u.test(cell)) sum += 1;
  const isQuestion = /[?:？：]$/.test(cell);
  if (isQuestion && below.filter((value) => /[?:？：]$/.test(value)).length < 0.3 * below.length) sum += 2;
  else if (numeric <= 0.9 && (cell.length > 60 || words > 10)) sum -= 1.5;
  // A name is much shorter than the texts below it.
  if (meanWords >= 3 && words <= 2 && below.every((value) => value.split(/\s+/).length > words)) sum += 1;
  else if (meanLength >= 8 && cell.length <= 4 && below.every((value) => value.length > cell.length)) sum += 0.5;
  return sum;
}

/** The names that pandas gives columns without one: 0, 1, 2 …, with or without an empty cell for the index. */
function isCounting(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const from = first[0]?.trim() === "" ? 1 : 0;
  const names = first.slice(from).map((cell) => cell.trim());
  if (names.length === 0 || names.some((name, place) => name !== String(place))) return false;
  if (names.length === 1 && from === 0) return false;
  return names.some((_, place) => {
    const below = rest.map((row) => (row[place + from] ?? "").trim()).filter((value) => value !== "");
    return below.length > 0 && below.filter(isNumber).length < 0.5 * below.length;
  });
}

function isNumber(value: string): boolean {
  return value !== "" && Number.isFinite(Number(value.replace(/^([-+]?\d+),(\d+)$/, "$1.$2").replace(/%$/, "")));
}

const orangeTypes = /^(c|d|s|t|n|i|continuous|discrete|string|time|timestamp|numeric|categorical|text|basket)$/i;
const orangeFlags = /^(class|meta|ignore|i|m|weight|multiclass|feature|-dc|[\w-]+=\S+)( .*)?$/i;
const surveyCells = /^(Response|Open-Ended Response|\{"ImportId":.*\})$/s;

/** Lines below the header that are a part of it: Orange's types and flags, and those of survey tools. */
function furtherHeaderRows(rows: readonly ScannedRow[]): number {
  const filled = (place: number) => (rows[place]?.cells ?? []).map((cell) => cell.trim()).filter((cell) => cell !== "");
  const types = filled(1);
  const flags = filled(2);
  const width = rows[0]?.cells.length ?? 0;
  const isTyped = types.length === width && types.every((cell) => orangeTypes.test(cell) || isValueList(cell));
  if (isTyped && types.some((cell) => orangeTypes.test(cell)) && flags.every((cell) => orangeFlags.test(cell))) {
    return rows.length > 2 ? 2 : 0;
  }
  if (flags.length > 0 && flags.every((cell) => surveyCells.test(cell) && cell.startsWith("{"))) return 2;
  if (types.length > 0 && types.every((cell) => surveyCells.test(cell))) return 1;
  return 0;
}

/** Orange may list the values of a column instead of its type: "ham spam". */
function isValueList(cell: string): boolean {
  return /^\S+( \S+)+$/.test(cell) && cell.length < 200;
}

/** Common words in names of columns, in several languages. */
const words = `
text texts sentence sentences sent message messages msg review reviews tweet tweets content comment comments utterance
question questions query premise hypothesis body description document doc title headline sms input response answer
context passage post caption summary phrase string v1 v2
label labels class classes category categories target sentiment intent topic tag tags rating ratings stars score polarity
emotion gold toxic toxicity quality polarity stance is_spam is_toxic y annotation
id ids index idx guid uid key no nr number row date time timestamp created_at user username userid user_id author name
lang language source url split fold country city confidence entity airline location unnamed
texto textos mensaje comentario comentarios frase oración reseña opinión etiqueta clase categoría categoria sentimiento
mensagem avaliação sentimento rótulo classe fecha autor
texte phrase commentaire avis catégorie étiquette sentiment titre question réponse
text satz nachricht kommentar bewertung kategorie klasse stimmung titel frage antwort beschreibung datum
testo messaggio commento recensione etichetta classe tekst opinia etykieta klasa kategoria zdanie
metin yorum etiket duygu sınıf kategori
текст отзыв сообщение комментарий предложение метка класс категория тональность тема вопрос ответ оценка дата название
текст відгук мітка категорія коментар
文本 内容 评论 标签 类别 情感 句子 文字 標籤 類別 評論 內容 标题 問題 问题
テキスト 本文 文章 ラベル 感情 カテゴリ 内容 レビュー タイトル
텍스트 문장 내용 리뷰 댓글 라벨 레이블 감정 분류 제목
نص تعليق تصنيف النص التصنيف التعليق טקסט תווית ביקורת ข้อความ ป้ายกำกับ κείμενο ετικέτα κριτική
`;
const known = new Set(words.trim().split(/\s+/));

/** 2 when a cell is a common name of a column, 1 when a part of it is, else 0. */
export function headerWord(cell: string): 0 | 1 | 2 {
  const name = cell.trim().toLowerCase().normalize("NFC");
  if (known.has(name)) return 2;
  const parts = name.split(/[\s_\-.#:/()]+|\d+$/).filter((part) => part !== "");
  return parts.length > 0 && parts.length <= 4 && parts.some((part) => known.has(part)) ? 1 : 0;
}
