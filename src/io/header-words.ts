/** Words that name columns of such tables in common languages; each may stand with others in a name. */
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

/** How much a cell reads like the name of a column: 2 when it is a common name, 1 when a part of it is, else 0. */
export function headerWord(cell: string): 0 | 1 | 2 {
  const name = cell.trim().toLowerCase().normalize("NFC");
  if (known.has(name)) return 2;
  const parts = name.split(/[\s_\-.#:/()]+|\d+$/).filter((part) => part !== "");
  return parts.length > 0 && parts.length <= 4 && parts.some((part) => known.has(part)) ? 1 : 0;
}
