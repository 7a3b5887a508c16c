import type { Replacement } from "./replacement.ts";

/** Elements that begin a line of their own or stand apart, so that a space takes the place of their tags. */
const BLOCKS =
  "address article aside base blockquote body br button canvas caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input legend li link main map menu meta nav noscript object ol optgroup option p param picture pre progress search section select source style script summary svg table tbody td template textarea tfoot th thead title tr track ul video audio embed";
/** Elements within a line, whose tags leave nothing. */
const INLINE =
  "a abbr acronym applet area b bdi bdo big cite code data datalist del dfn em font i ins kbd label mark math meter noframes output q rp rt ruby s samp slot small span strike strong sub sup time tt u var wbr";

/** White space within tags, as HTML has it. */
const SPACE = "[ \\t\\n\\f\\r/]";
/** Attributes; a > within quotes ends no tag. */
const ATTRIBUTES = `(?:${SPACE}(?:[^<>"']|"[^"]*"|'[^']*')*)?`;
const tags = (names: string) => `</?(?:${names.split(" ").join("|")})${ATTRIBUTES}>`;

/**
 * HTML, in the order in which it is replaced. Only names of HTML's elements are tags: “a < b”, “<3” and “<name@host>” stay.
 */
export const htmlReplacements: readonly Replacement[] = [
  { pattern: "<!--[\\s\\S]*?-->|<!doctype[^<>]*>|<\\?xml[^<>]*>|<!\\[CDATA\\[|\\]\\]>", by: " ", anyCase: true },
  { pattern: `<(script|style)${ATTRIBUTES}>[\\s\\S]*?</\\1[ \\t\\n\\f\\r]*>`, by: " ", anyCase: true },
  { pattern: tags(BLOCKS), by: " ", anyCase: true },
  { pattern: tags(INLINE), by: "", anyCase: true },
];
