import { describe, expect, it } from "vitest";
import { guessColumns } from "../../src/data/columns.ts";
import { tableOf } from "./column-kinds.ts";

/** The names of the columns seen, in the order text, pair, labels, task. */
function seen(spec: string) {
  const { columns, cells } = tableOf(spec);
  const { text, pair, labels, task } = guessColumns(columns, cells).detected;
  const name = (column: number | null) => (column === null ? null : (columns[column] ?? null));
  return [name(text), name(pair), labels.map(name).join("+"), task];
}

describe("guessColumns on the columns of public tables", () => {
  it.each([
    ["review:long, sentiment:mood", "review", "sentiment"],
    [
      "Unnamed: 0:id, Clothing ID:count, Age:count, Title:title, Review Text:long, Rating:stars, Recommended IND:binary, Positive Feedback Count:count, Division Name:two",
      "Review Text",
      "Rating",
    ],
    ["id:id, keyword:place, location:place, text:text, target:binary", "text", "target"],
    ["qid:word, question_text:text, target:binary", "question_text", "target"],
    [
      "count:count, hate_speech:count, offensive_language:count, neither:count, class:stars, tweet:text",
      "tweet",
      "class",
    ],
    ["id:id, title:title, author:person, text:long, label:binary", "text", "label"],
    ["Class Index:stars, Title:title, Description:text", "Description", "Class Index"],
    [
      "category:ten, headline:title, authors:person, link:url, short_description:text, date:date",
      "short_description",
      "category",
    ],
    ["label:two, text:text, label_num:binary", "text", "label"],
    [
      "Date received:date, Product:many, Issue:many, Consumer complaint narrative:long, Company:many, State:place, label:two",
      "Consumer complaint narrative",
      "label",
    ],
    ["text:text, label:binary, label_text:mood", "text", "label"],
    ["cat:ten, label:binary, review:zh", "review", "label"],
    ["id:id, document:text, label:binary", "document", "label"],
    ["url:url, date:date, title:title, body:long, category:ten", "body", "category"],
    [
      "reviewerID:word, asin:word, reviewText:long, overall:stars, summary:title, unixReviewTime:id",
      "reviewText",
      "overall",
    ],
    ["is_sarcastic:binary, headline:title, article_link:url", "headline", "is_sarcastic"],
    ["text:text, language:lang, intent:many", "text", "intent"],
    [
      "airline_sentiment_confidence:float, airline_sentiment:mood, airline:place, name:word, text:text",
      "text",
      "airline_sentiment",
    ],
    ["text:text, split:split, polarity:two", "text", "polarity"],
    ["text:text, lang:lang", "text", "lang"],
    ["url:url, type:two", "url", "type"],
    ["name:word, gender:two", "name", "gender"],
  ])("%s", (spec, text, label) => {
    expect(seen(spec)).toEqual([text, null, label, "single-label"]);
  });

  it.each([
    ["id:id, Texto:text, Idioma:lang, Sentimiento:two", "Texto", "Sentimiento"],
    ["comentario:text, fecha:date, etiqueta:ten", "comentario", "etiqueta"],
    ["Kommentar:text, Quelle:place, Kategorie:ten, Datum:date", "Kommentar", "Kategorie"],
    ["Nachricht:text, Klasse:many, Sprache:lang", "Nachricht", "Klasse"],
    ["дата:date, источник:place, отзыв:text, метка:ten", "отзыв", "метка"],
    ["Текст обращения:text, Город:place, Тональность:ten", "Текст обращения", "Тональность"],
    ["日期:date, 来源:place, 评论内容:zh, 情感标签:ten", "评论内容", "情感标签"],
    ["編號:id, 城市:place, 文本:zh, 類別:many", "文本", "類別"],
    ["日付:date, 商品:place, レビュー:zh, ラベル:ten", "レビュー", "ラベル"],
    ["날짜:date, 작성자:person, 문장:text, 감정:ten", "문장", "감정"],
    ["commentaire:text, ville:place, catégorie:ten", "commentaire", "catégorie"],
    ["mensagem:text, cidade:place, categoria:ten", "mensagem", "categoria"],
    ["recensione:text, città:place, etichetta:ten", "recensione", "etichetta"],
    ["yorum:text, şehir:place, sınıf:ten", "yorum", "sınıf"],
    ["التاريخ:date, النص:text, التصنيف:ten", "النص", "التصنيف"],
    ["ข้อความ:th, จังหวัด:place, อารมณ์:ten", "ข้อความ", "อารมณ์"],
  ])("in other languages: %s", (spec, text, label) => {
    expect(seen(spec)).toEqual([text, null, label, "single-label"]);
  });

  it.each([
    ["column 1:id, column 2:place, column 3:mood, column 4:text", "column 4", "column 3"],
    ["column 1:mood, column 2:place, column 3:date, column 4:text", "column 4", "column 1"],
    ["column 1:zh, column 2:binary", "column 1", "column 2"],
    ["column 1:lang, column 2:th, column 3:ten", "column 2", "column 3"],
    ["column 1:split, column 2:text, column 3:many", "column 2", "column 3"],
  ])("without names: %s", (spec, text, label) => {
    expect(seen(spec)).toEqual([text, null, label, "single-label"]);
  });

  it.each([
    ["Quality:binary, #1 ID:id, #2 ID:id, #1 String:text, #2 String:text", "#1 String", "#2 String", "Quality"],
    ["text:text, text_b:text, label:binary", "text", "text_b", "label"],
    ["text_a:text, text_b:text, label:mood", "text_a", "text_b", "label"],
    [
      "pair_ID:id, sentence_A:text, sentence_B:text, entailment_judgment:mood",
      "sentence_A",
      "sentence_B",
      "entailment_judgment",
    ],
    ["sent_A:text, sent_B:text, label:two", "sent_A", "sent_B", "label"],
    ["index:id, question:text, sentence:text, label:two", "question", "sentence", "label"],
    [
      "id:id, qid1:id, qid2:id, question1:text, question2:text, is_duplicate:binary",
      "question1",
      "question2",
      "is_duplicate",
    ],
    [
      "gold_label:mood, sentence1_parse:text, sentence2_parse:text, sentence1:text, sentence2:text",
      "sentence1",
      "sentence2",
      "gold_label",
    ],
    ["question:text, answer:text, label:binary", "question", "answer", "label"],
    ["question:text, passage:long, answer:two", "question", "passage", "answer"],
    ["query:title, document:long, relevance:count", "query", "document", "relevance"],
    ["query:title, passage:long, label:binary", "query", "passage", "label"],
    ["context:text, response:text, label:two", "context", "response", "label"],
    ["post:text, reply:text, stance:mood", "post", "reply", "stance"],
    ["claim:text, evidence:long, verdict:mood", "claim", "evidence", "verdict"],
    ["Headline:title, Body:long, Stance:ten", "Headline", "Body", "Stance"],
    ["Satz 1:text, Satz 2:text, Klasse:two", "Satz 1", "Satz 2", "Klasse"],
    ["Frage:text, Antwort:text, Bewertung:two", "Frage", "Antwort", "Bewertung"],
    ["вопрос:text, ответ:text, метка:binary", "вопрос", "ответ", "метка"],
    ["句子1:zh, 句子2:zh, 标签:binary", "句子1", "句子2", "标签"],
    ["前提:zh, 仮説:zh, ラベル:mood", "前提", "仮説", "ラベル"],
    ["firstText:text, secondText:text, target:two", "firstText", "secondText", "target"],
    ["left text:text, right text:text, match:two", "left text", "right text", "match"],
  ])("second texts: %s", (spec, text, pair, label) => {
    expect(seen(spec)).toEqual([text, pair, label, "single-label"]);
  });

  it.each([
    "title:title, body:long, label:two",
    "sentence1:text, sentence2:text, sentence3:text, label:two",
    "review:text, remark:title, label:two",
  ])("no second text: %s", (spec) => {
    expect(seen(spec)[1]).toBeNull();
  });

  it.each([
    [
      "id:id, comment_text:long, toxic:mark, severe_toxic:mark, obscene:mark, threat:mark, insult:mark, identity_hate:mark",
      "comment_text",
      "toxic+severe_toxic+obscene+threat+insult+identity_hate",
      "multi-label",
    ],
    ["Text:text, Sport:mark, Politik:mark, Kultur:mark", "Text", "Sport+Politik+Kultur", "multi-label"],
    ["joy:mark, fear:mark, tweet:text", "tweet", "joy+fear", "multi-label"],
    ["text:text, labels:list, id:word", "text", "labels", "multi-label"],
    ["text:text, emotions:bars", "text", "emotions", "multi-label"],
    ["text:text, labels:commas, id:word", "text", "labels", "multi-label"],
    ["genre:ten, sentence1:text, sentence2:text, score:float", "sentence1", "score", "regression"],
    ["id:id, excerpt:long, target:float", "excerpt", "target", "regression"],
    ["text:text, price:float", "text", "price", "regression"],
    ["tokens:tokens, ner_tags:tags", "tokens", "ner_tags", "token-classification"],
    ["id:id, words:tokens, pos:tags, ner:tags", "words", "ner", "token-classification"],
  ])("other tasks: %s", (spec, text, label, task) => {
    const [foundText, , foundLabel, foundTask] = seen(spec);
    expect([foundText, foundLabel, foundTask]).toEqual([text, label, task]);
  });

  it("looks all over a table sorted by class", () => {
    const { columns, cells } = tableOf("text:text, place:place, label:binary", 100_000);
    cells[2] = (cells[2] ?? []).map((_, row) => (row < 60_000 ? "late" : "early"));
    expect(guessColumns(columns, cells).guess).toEqual({ text: 0, pair: null, label: 2 });
    const unnamed = guessColumns(["column 1", "column 2", "column 3"], [...cells]);
    expect(unnamed.guess?.label).toBe(2);
  });

  it("takes several columns of marks as labels, in their order", () => {
    const { columns, cells } = tableOf("text:text, sport:mark, art:mark, food:mark");
    const { guess, problem } = guessColumns(columns, cells);
    expect(guess).toEqual({ text: 0, pair: null, label: 1, moreLabels: [2, 3] });
    expect(problem).toBe("");
  });

  it("keeps class names that hold a delimiter whole", () => {
    const { columns, cells } = tableOf("text:text, label:two");
    const names = ["Food, Beverages & Tobacco", "Arts, Crafts", "Toys/Games", "Pets"];
    cells[1] = (cells[1] ?? []).map((_, row) => names[row % 4] ?? "");
    expect(guessColumns(columns, cells).detected.task).toBe("single-label");
  });
});
