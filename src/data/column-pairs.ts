import type { ColumnLook } from "./column-look.ts";
import { nameWords } from "./column-name.ts";

/** Words that mark the first text of a pair, and the second. */
const ordinals: readonly (readonly [string, string])[] = [
  ["1", "2"],
  ["a", "b"],
  ["i", "ii"],
  ["one", "two"],
  ["first", "second"],
  ["left", "right"],
  ["source", "target"],
  ["src", "tgt"],
  ["original", "paraphrase"],
  ["0", "1"],
];
/** Words for a third text, whose presence shows that there are more than two. */
const thirds = ["3", "c", "iii", "three", "third"];
/** Words that only the second text's name has: "text" and "text_b". */
const seconds = ["2", "b", "second", "pair", "ii", "two"];

/** Names of first texts, each with the names of the second texts that belong to it. */
const roles: readonly (readonly [string, string])[] = [
  ["premise", "hypothesis"],
  ["sentence", "hypothesis"],
  ["context", "hypothesis"],
  ["question", "answer|sentence|passage|context|paragraph|response|document|text"],
  ["query", "document|doc|passage|title|text|answer|product title|paragraph|response"],
  ["context", "response|reply|question|answer"],
  ["post", "reply|comment|response"],
  ["parent comment|parent", "comment|reply"],
  ["tweet|message|utterance", "reply|response"],
  ["prompt", "response|completion|answer|essay"],
  ["claim", "evidence|premise|passage|document|article"],
  ["headline", "body|article|articlebody|article body|text"],
  ["argument", "counterargument|counter argument"],
  ["reference", "candidate|hypothesis"],
  ["source", "target|translation"],
  ["source text", "target text"],
  ["frage", "antwort"],
  ["prämisse", "hypothese"],
  ["pregunta", "respuesta"],
  ["premisa", "hipótesis|hipotesis"],
  ["question", "réponse|reponse"],
  ["prémisse", "hypothèse"],
  ["domanda", "risposta"],
  ["premessa", "ipotesi"],
  ["pergunta", "resposta"],
  ["premissa", "hipótese|hipotese"],
  ["vraag", "antwoord"],
  ["pytanie", "odpowiedź"],
  ["soru", "cevap"],
  ["pertanyaan", "jawaban"],
  ["вопрос", "ответ"],
  ["посылка", "гипотеза"],
  ["问题", "答案|回答"],
  ["問題", "答案|回答"],
  ["前提", "假设|假設|仮説"],
  ["質問", "回答|答え"],
  ["질문", "답변|대답"],
  ["전제", "가설"],
  ["سؤال", "جواب|إجابة"],
];
/** Names of columns that hold another form of a text: its parse, its tokens. */
const derived = /(^| )(parse|parsed|tokens|tokenized|tok|pos|lemma|lemmas|ner|id|ids|len|length|index)( |$)/;

/** Two columns of texts whose names belong together, the shortest names first; null where there are none. */
export function findPair(looks: readonly ColumnLook[]): [ColumnLook, ColumnLook] | null {
  const named = looks
    .filter(({ name }) => !/^column \d+$/.test(name))
    .map((look) => ({ look, words: nameWords(look.name) }))
    .filter(({ look, words }) => holdsTexts(look) && !derived.test(words.join(" ")))
    .sort((a, b) => a.words.length - b.words.length);
  for (const test of [isNumbered, isSecondOf, areRoles]) {
    for (const first of named) {
      const second = named.find((other) => other !== first && test(first.words, other.words));
      if (second && !hasThird(first.words, second.words, named)) return [first.look, second.look];
    }
  }
  return null;
}

/** Whether cells are texts rather than classes, numbers or ids; a text may appear in many rows. */
export function holdsTexts(look: ColumnLook): boolean {
  if (look.filled < 0.2 || look.unwordy > 0.5 || look.lists > 0.5 || look.distinct < 2) return false;
  if (look.meanWords < 1.2 && look.hint.text < 2) return false;
  return look.distinctShare >= 0.1 || (look.meanWords >= 4 && look.distinct > 20);
}

/** "sentence1" and "sentence2", "#1 String" and "#2 String", "sent_A" and "sent_B", "first text" and "second text". */
function isNumbered(first: readonly string[], second: readonly string[]): boolean {
  return ordinals.some(([one, two]) =>
    first.some((word, place) => word === one && second.join(" ") === first.with(place, two).join(" ")),
  );
}

/** "text" and "text_b", "sentence" and "sentence2". */
function isSecondOf(first: readonly string[], second: readonly string[]): boolean {
  const [base, name] = [first.join(" "), second.join(" ")];
  return seconds.some((word) => name === `${base} ${word}` || name === `${word} ${base}`);
}

/** "question" and "answer", "query text" and "passage text". */
function areRoles(first: readonly string[], second: readonly string[]): boolean {
  if (first.length > 1 && first.length === second.length) {
    if (first.at(-1) === second.at(-1) && areRoles(first.slice(0, -1), second.slice(0, -1))) return true;
    if (first[0] === second[0] && areRoles(first.slice(1), second.slice(1))) return true;
  }
  const [one, two] = [first.join(" "), second.join(" ")];
  return roles.some(([firsts, others]) => firsts.split("|").includes(one) && others.split("|").includes(two));
}

function hasThird(first: readonly string[], second: readonly string[], named: readonly { words: string[] }[]): boolean {
  const place = second.findIndex((word, at) => word !== first[at]);
  if (place < 0 || first.length !== second.length) return false;
  return named.some(({ words }) => thirds.some((third) => words.join(" ") === second.with(place, third).join(" ")));
}
