import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { LongText, shortened } from "../../../src/app/run/LongText.tsx";
import { isFound } from "../../../src/app/run/use-row-texts.ts";

const words = "word ".repeat(100).trimEnd();

describe("a long text", () => {
  it("of up to 500 characters is shown as it is, a longer one by its beginning up to a blank", () => {
    expect(shortened(words)).toBe(words);
    expect(shortened(`${words} and more`)).toBe(`${"word ".repeat(80).trimEnd()} …`);
    expect(shortened("x".repeat(501))).toBe(`${"x".repeat(400)} …`);
  });

  it("unfolds by a button, which a short one has not", () => {
    const shown = (text: string, opened: boolean) =>
      renderToString(
        <MantineProvider>
          <LongText text={text} opened={opened} onToggle={() => undefined} />
        </MantineProvider>,
      );
    const long = `${words} and more`;
    expect(shown(long, false)).toContain("Whole text");
    expect(shown(long, false)).not.toContain("and more");
    expect(shown(long, true)).toContain("and more");
    expect(shown(long, true)).toContain('aria-expanded="true"');
    expect(shown(words, false)).not.toContain("button");
  });
});

describe("a search in the texts", () => {
  it("finds a part in either case, without the spaces around it, and all where it is empty", () => {
    expect(isFound("Text 3", " tEXT 3 ")).toBe(true);
    expect(isFound("Text 3", "nowhere")).toBe(false);
    expect(isFound("", " ")).toBe(true);
  });
});
