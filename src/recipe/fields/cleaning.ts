import { choice, onOff } from "../field-kinds.ts";
import { practice } from "./sources.ts";
import { wholeTexts } from "./task.ts";

const ofTexts = { readByBaseline: true, ofTheData: true, matters: [wholeTexts] } as const;
const ofRows = { readByBaseline: true, ofTheData: true } as const;

const barbieri = "Barbieri et al. 2020, TweetEval";

/** What is done to texts, in this order, and then to rows. */
export const cleaning = {
  title: "Cleaning",
  fields: {
    cleanHtml: onOff({
      label: "HTML",
      what: "Takes tags, comments, scripts and styles out of texts, and decodes entities such as &amp;amp; once.",
      usual: "Off; on where texts were copied from web pages.",
      source: "WHATWG HTML, named character references",
      default: false,
      ...ofTexts,
    }),
    cleanUnicode: choice({
      label: "Unicode form",
      what: "Writes characters that are the same in one way: NFC composes accents; NFKC also replaces wide letters, ligatures, circled digits and the like by plain ones.",
      usual: "As they are; NFC where files come from several systems. NFKC changes what is seen, such as ² to 2.",
      source: "Unicode Standard Annex 15",
      default: "none",
      choices: [
        { value: "none", label: "As they are" },
        { value: "NFC", label: "NFC" },
        { value: "NFKC", label: "NFKC" },
      ],
      ...ofTexts,
    }),
    cleanUrls: onOff({
      label: "Web addresses",
      what: "Replaces each web address (http, https or www) by the word http.",
      usual: "Off; on where addresses differ in every row and say nothing of the label.",
      source: barbieri,
      default: false,
      ...ofTexts,
    }),
    cleanUsers: onOff({
      label: "User names",
      what: "Replaces each user name (@name, u/name) by @user; e-mail addresses stay.",
      usual: "Off; on for posts, where the model should not learn who is named.",
      source: barbieri,
      default: false,
      ...ofTexts,
    }),
    cleanNumbers: onOff({
      label: "Numbers",
      what: "Replaces each number that stands by itself, such as 12, 3.50 or 10:30, by 0; digits within words stay.",
      usual: "Off; on where only that there is a number matters, not which.",
      source: "Lample et al. 2016, Neural Architectures for Named Entity Recognition",
      default: false,
      ...ofTexts,
    }),
    cleanSpaces: onOff({
      label: "White space",
      what: "Makes one space of each run of white space, takes it off both ends, and takes out control and invisible characters.",
      usual: "Off: most tokenizers do it themselves. On together with other steps, which leave gaps.",
      source: practice,
      default: false,
      ...ofTexts,
    }),
    dropWordless: onOff({
      label: "Rows without a word",
      what: "Leaves out rows whose text has no letter, digit or symbol such as an emoji. Rows without any text are always left out.",
      usual: "Off; on where texts such as “...” or “--” stand for nothing.",
      source: practice,
      default: false,
      ...ofRows,
    }),
    contradictions: choice({
      label: "Contradictory labels",
      what: "What becomes of rows that have the same text and different labels.",
      usual: "Kept, and reported; leave them out where nobody can decide, or keep the most frequent label.",
      source: "Northcutt et al. 2021, Pervasive Label Errors in Test Sets",
      default: "keep",
      choices: [
        { value: "keep", label: "Keep all rows" },
        { value: "drop", label: "Leave all of them out" },
        { value: "majority", label: "Keep the most frequent label" },
      ],
      readByBaseline: true,
      ofTheData: true,
      matters: [{ field: "task", not: "regression" }],
    }),
    dropDuplicates: onOff({
      label: "Exact duplicates",
      what: "Leaves out rows that repeat an earlier one, text and label alike.",
      usual: "Off: equal texts always stay on one side of the split. On where repeated rows should not count more.",
      source: "Lee et al. 2022, Deduplicating Training Data Makes Language Models Better",
      default: false,
      ...ofRows,
    }),
    dropNearDuplicates: onOff({
      label: "Near duplicates",
      what: "Leaves out rows with the label of an earlier row and nearly its text: their character 5-grams, in lower case and with single spaces, have a Jaccard index of at least 0.8, or other rows link them so.",
      usual: "Off; on where rows were made of templates or copied with small changes.",
      source: "Broder 1997, On the resemblance and containment of documents; Lee et al. 2022",
      default: false,
      ...ofRows,
    }),
  },
};
