/** Evidence from the name of a column about its cells; 0 for none. */
export interface NameHint {
  /** 2 for texts, 1 for titles and the like, -1 for anything else. */
  text: number;
  /**
   * 3 for labels, 2 for names that lose to a plainer one ("rating"), 0.5 more where annotators agreed on it
   * ("gold_label"), 1 for a form of a label ("label_id") or a group ("genre"), -1 for what is unlikely to be a class.
   */
  label: number;
}

/** The words of a name in lower case: "reviewText" and "#1 String" have two, "sentence1" has "sentence" and "1". */
export function nameWords(name: string): string[] {
  return name
    .normalize("NFKC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\p{N})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The evidence from a name; 0 for an unnamed column. */
export function hintOf(name: string): NameHint {
  if (/^column \d+$/.test(name)) return { text: 0, label: 0 };
  const words = nameWords(name).filter((word) => !/^\d+$/.test(word));
  const joined = words.join(" ");
  // "v1" and "v2" are the columns of the SMS Spam Collection in its most common copy.
  if (/^v ?1$/i.test(name)) return { text: 0, label: 2 };
  if (/^v ?2$/i.test(name)) return { text: 2, label: 0 };
  return { text: textHint(words, joined), label: labelHint(words, joined) };
}

function textHint(words: readonly string[], joined: string): number {
  if (holds(titleWords, words, joined)) return 1;
  if (holds(textWords, words, joined) && !holdsLatin(otherWords, words)) return 2;
  return holds(otherWords, words, joined) ? -1 : 0;
}

function labelHint(words: readonly string[], joined: string): number {
  const strengthOf = (some: readonly string[]) =>
    holds(labelWords, some, some.join(" ")) ? 3 : holds(weakLabelWords, some, some.join(" ")) ? 2 : 0;
  const last = words.at(-1) ?? "";
  // The last word says what a column holds ("sentiment_confidence"), unless it names a form of it ("label_id").
  const isForm = formWords.includes(last) && strengthOf(words.slice(0, -1)) > 0;
  if (isForm) return 1;
  const isDecided = words.length > 1 && words.some((word) => decidedWords.includes(word));
  // A single vote is usually one annotator's label, or a count.
  const ofLast = isDecided && last === "vote" ? 2 : strengthOf([last]);
  if (ofLast > 0) {
    return (words.length === 1 || ofLast === 3 ? ofLast : 2) + (isDecided ? 0.5 : 0);
  }
  if (holds(otherWords, words, joined)) return -1;
  if (holds(faintLabelWords, words, joined)) return 1;
  return strengthOf(words) > 0 ? 1 : 0;
}

interface Known {
  /** Words in Latin letters, which are compared as whole words. */
  latin: ReadonlySet<string>;
  /** Words of other scripts, which may be written without spaces around them. */
  others: readonly string[];
}

const isLatin = (word: string) => /^[\p{Script=Latin}\d]+$/u.test(word);
/** Each list is divided only once, because tables may have thousands of columns. */
const knownWords = new Map<readonly string[], Known>();

function known(list: readonly string[]): Known {
  const found = knownWords.get(list);
  if (found) return found;
  const made = { latin: new Set(list.filter(isLatin)), others: list.filter((word) => !isLatin(word)) };
  knownWords.set(list, made);
  return made;
}

function holds(list: readonly string[], words: readonly string[], joined: string): boolean {
  const { others } = known(list);
  return holdsLatin(list, words) || others.some((word) => joined.includes(word));
}

function holdsLatin(list: readonly string[], words: readonly string[]): boolean {
  const { latin } = known(list);
  return words.some((word) => latin.has(word));
}

/**
 * Words of column names in many languages, in one list for each kind of content. Words in Latin letters must match whole
 * words; in other scripts, which do not always separate words, a name only has to contain them.
 */
const list = (words: string) => words.trim().split(/\s+/);

/** Columns of texts. */
const textWords = list(`
  text texts sentence sentences message messages msg review reviews tweet tweets content contents comment comments
  utterance utterances question query premise body description document doc sms post posts statement narrative complaint
  abstract article passage paragraph transcript speech dialogue conversation feedback story plot lyrics email mail ticket
  request prompt claim argument opinion excerpt news quote resume snippet phrase string input verbatim response headline
  texto textos texte textes testo testi tekst teksten teksti tekstas szöveg metin text0 kommentar kommentare nachricht nachrichten
  rezension meinung satz sätze frage beschreibung inhalt beitrag rückmeldung comentario comentarios comentário comentários
  mensaje mensajes mensagem reseña resenha opinión opinião oración frase frases pregunta pergunta contenido conteúdo
  commentaire commentaires avis contenu énoncé messaggio messaggi recensione recensioni commento commenti contenuto bericht
  recensie zin opmerking teks pesan ulasan komentar kalimat văn câu zdanie opinia treść recenzja komentarz wiadomość věta
  zpráva recenze komentář mesaj yorum cümle meddelande recension mening kommentti viesti arvostelu besked anmeldelse
  melding üzenet vélemény recenzie comentariu propoziție
  текст отзыв сообщение комментарий предложение вопрос рецензия описание твит повідомлення відгук коментар речення изречение
  κείμενο σχόλιο κριτική μήνυμα πρόταση
  文本 评论 評論 内容 內容 句子 文章 正文 留言 微博 問題 问题 消息 短信 本文 テキスト レビュー コメント メッセージ ツイート 質問 口コミ
  텍스트 문장 리뷰 내용 댓글 본문 문서 발화 질문 메시지
  نص النص تعليق تغريدة مراجعة رسالة محتوى جملة טקסט תוכן הודעה תגובה
  टेक्स्ट पाठ वाक्य टिप्पणी समीक्षा संदेश ข้อความ รีวิว ความคิดเห็น เนื้อหา ประโยค`);

/** Columns of texts that are used only where no column of whole texts exists. */
const titleWords = list(`
  title headline subject summary heading keyword keywords titel überschrift betreff título titulo asunto assunto titre
  sujet titolo oggetto tytuł заголовок тема 标题 標題 题目 タイトル 件名 제목 عنوان`);

/** Columns of labels. */
const labelWords = list(`
  label labels class classes category categories target sentiment sentiments intent intents y polarity emotion emotions topic
  topics gold toxic toxicity spam stance
  etiqueta etiquetas etichetta etichette étiquette etykieta etiket etikett etiketten štítek oznaka clase clases classe klasse klassen klass
  klasa třída trieda sınıf kelas luokka osztály kategorie kategorien categoría categorías categoria categorias catégorie
  catégories kategoria kategori kategorija kategória categorie sentimiento sentimento sentiments sentyment sentimen stimmung
  gefühl emoción emoções emoção émotion emozione emotie duygu thema tema thème intención intenção absicht polaridad
  polaridade polarité polarität polarità nhãn nhan zielklasse
  метка класс категория тональность тема эмоция настроение мітка клас категорія тональність етикет
  ετικέτα κατηγορία συναίσθημα κλάση
  标签 標籤 类别 類別 分类 分類 情感 情绪 情緒 意图 意圖 主题 極性 ラベル カテゴリ クラス 感情 라벨 레이블 카테고리 분류 감성 감정 의도 주제
  تصنيف فئة تسمية شعور مشاعر الفئة תווית קטגוריה סיווג लेबल श्रेणी भावना वर्ग ป้ายกำกับ ป้าย หมวดหมู่ อารมณ์`);

/** Columns that are labels where no column has a plainer name. */
const weakLabelWords = list(`
  rating ratings stars star score scores tag tags quality duplicate answer verdict outcome result
  decision annotation judgement judgment grade overall priority severity department recommended sarcastic sarcasm hate
  offensive offense insincere humor humour irony ironic clickbait similarity relatedness entailment relevance feeling mood
  difficulty fake urgent flag fraud fraudulent
  bewertung note nota calificación puntuación valoración avaliação sterne estrellas estrelas étoiles stelle voto ocena puan
  priorität ergebnis resultado résultat risposta   оценка рейтинг оцінка звёзды βαθμολογία 评分 評分 星级 評価 평점 별점 تقييم דירוג रेटिंग คะแนน `);

/** Words that mark the final label among those of single annotators: "majority_vote" beside "vote_1". */
const decidedWords = list("majority consensus final gold agreed adjudicated resolved aggregated");

/** Columns that group rows, used as labels where no other column is. */
const faintLabelWords = list(
  "genre type kind group section subject code level art tipo typ тип жанр 类型 等级 種類 유형 نوع ประเภท",
);

/** Columns that describe a row and are unlikely to be its class. */
const otherWords = list(`
  id ids uid uuid guid idx index key date dates datetime time timestamp created updated year month day lang language locale
  country city state region location timezone coord split fold set subset partition source origin platform author user
  username name speaker handle annotator worker url urls link href website image img file filename path entity product
  brand company airline subreddit confidence conf prob probability count counts number no likes retweets votes helpful
  upvotes ups downs length len gender age sex phone version device unnamed hash variance trust batch round
  fecha datum sprache idioma langue lingua língua taal język jazyk dil bahasa autor autora auteur autore verfasser fuente
  fonte quelle bron nombre nom país pays land stadt ciudad cidade ville año jahr ano année entidad entität entité marca marke marque producto
  produkt produit prodotto nutzer benutzer usuario usuário utilisateur utente konfidenz confianza confiança zeit hora heure
  datei archivo
  дата язык автор источник имя ссылка пользователь страна город товар бренд номер мова
  日期 时间 時間 语言 語言 作者 来源 來源 链接 用户 用戶 编号 編號 序号 品牌 城市 国家 日付 日時 言語 著者 番号 商品 출처 날짜 언어 작성자 번호 사용자
  تاريخ لغة كاتب مصدر מזהה תאריך שפה दिनांक भाषा วันที่ ภาษา`);

/** Words after a label word that name a form of the label: "label_id", "Class Name". */
const formWords = list("id ids name names num number no index text str string int code encoded title");

/** Common names of classes, which reveal a label column that has no header. */
export const classWords = new Set(
  list(`
  positive negative neutral pos neg neu mixed irrelevant ham spam yes no true false good bad toxic nontoxic non-toxic hate
  offensive normal joy anger sadness fear surprise love disgust happy sad angry entailment contradiction not_entailment
  duplicate fake real agree disagree discuss unrelated support supports supported refutes refuted favor against none
  sports sport business politics world tech technology entertainment science half-true mostly-true barely-true pants-fire
  positivo negativo neutro positiva negativa neutra positif négatif negatif neutre positiv negativ pozytywny negatywny
  neutralny olumlu olumsuz nötr pozitif tarafsız sí si oui non ja nein да нет плохо хорошо нейтрально позитив негатив
  положительный отрицательный нейтральный позитивный негативный positiivinen negatiivinen
  正面 负面 負面 中性 好评 差评 中评 好評 差評 积极 消极 積極 消極 ポジティブ ネガティブ 긍정 부정 중립 إيجابي سلبي محايد חיובי שלילי
  सकारात्मक नकारात्मक เชิงบวก เชิงลบ`),
);

export const splitWords = new Set(list("train training test testing valid validation val dev trial"));

/** Language codes as they appear in cells. */
export const languageCodes = new Set(
  list(
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv sw ta th tr uk ur vi zh eng deu ger fra fre spa ita rus jpn zho",
  ),
);
