import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textCleaner } from "../../../src/data/cleaning/clean-text.ts";
import { textSteps, type TextSteps } from "../../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";

const off = textSteps(defaultRecipe);
const by = (steps: Partial<TextSteps>) => textCleaner({ ...off, ...steps }) ?? ((text: string) => text);

describe("a cleaner of texts", () => {
  it("is none where no step is on", () => {
    expect(textCleaner(off)).toBeNull();
  });

  it.each([
    ["a <b>bold</b> word", "a bold word"],
    ["one<br>two<BR/>three", "one two three"],
    ['<p class="x>y">in</p>out', " in out"],
    ["x<!-- gone -->y", "x y"],
    ["a<script>if (a < b) run()</script>b", "a b"],
    ["1 < 2 and 3 > 2, I <3 you, <me@host.org>", "1 < 2 and 3 > 2, I <3 you, <me@host.org>"],
    ["Tom &amp; Jerry &lt;b&gt; &copy &#39;x&#x27; &notit; &nosuch;", "Tom & Jerry <b> © 'x' ¬it; &nosuch;"],
    ["&#128;&#0;&#1;&#xD800;", "€\ufffd\ufffd"],
    ["&amp;amp;", "&amp;"],
  ])("takes HTML out of %j", (text, cleaned) => {
    expect(by({ cleanHtml: true })(text)).toBe(cleaned);
  });

  it.each([
    ["see http://a.org/b?c=d&e=f.", "see http."],
    ["(www.x.com) HTTPS://Y.ORG!", "(http) http!"],
    ["看http://t.cn/abc，好", "看http，好"],
    ["http:// alone, notwww.x", "http:// alone, notwww.x"],
  ])("replaces web addresses in %j", (text, cleaned) => {
    expect(by({ cleanUrls: true })(text)).toBe(cleaned);
  });

  it.each([
    ["@Ann_1: hi @bob!", "@user: hi @user!"],
    ["me@host.org stays", "me@host.org stays"],
    ["by u/some_one and /u/x-y", "by @user and @user"],
    ["menu/item", "menu/item"],
    ["你好@lee", "你好@user"],
  ])("replaces user names in %j", (text, cleaned) => {
    expect(by({ cleanUsers: true })(text)).toBe(cleaned);
  });

  it.each([
    ["10:30, 3.50 or 1,000 at £5", "0, 0 or 0 at £0"],
    ["covid19, 4u, b2b, 5pm, 12.5abc stay", "covid19, 4u, b2b, 5pm, 12.5abc stay"],
    ["有3个", "有0个"],
    ["٣٤ items", "0 items"],
  ])("replaces numbers in %j", (text, cleaned) => {
    expect(by({ cleanNumbers: true })(text)).toBe(cleaned);
  });

  it("normalizes Unicode and white space", () => {
    expect(by({ cleanUnicode: "NFC" })("e\u0301 ²")).toBe("é ²");
    expect(by({ cleanUnicode: "NFKC" })("ﬁ ² Ａ")).toBe("fi 2 A");
    expect(by({ cleanSpaces: true })(" a\u00a0\t b\u200b\n c\u0007 ")).toBe("a b c");
  });

  it("leaves one space between words and none at the ends, of any text", () => {
    const clean = by({ cleanHtml: true, cleanUnicode: "NFKC", cleanUrls: true, cleanSpaces: true });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const cleaned = clean(text);
        expect(cleaned).not.toMatch(/^ | $| {2}|[\n\t]/);
        expect(by({ cleanSpaces: true })(cleaned)).toBe(cleaned);
      }),
    );
  });

  it("is quick on what makes expressions backtrack", () => {
    const clean = by({ cleanHtml: true, cleanUrls: true, cleanUsers: true, cleanNumbers: true, cleanSpaces: true });
    for (const part of ["<a '", '<a "', "<!--", "<script>", "http://", "1.", "@", "&amp", " "]) {
      expect(typeof clean(part.repeat(5000))).toBe("string");
    }
  });
});
