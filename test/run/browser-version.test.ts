import { expect, it } from "vitest";
import { browserVersion } from "../../src/run/tune.ts";

const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

it("is the brands with their versions, without the one that is made up", () => {
  const brands = [
    { brand: "Not=A?Brand", version: "24" },
    { brand: "Google Chrome", version: "141" },
    { brand: "Chromium", version: "141" },
  ];
  expect(browserVersion({ userAgent, userAgentData: { brands } })).toBe("Chromium 141, Google Chrome 141");
  expect(browserVersion({ userAgent, userAgentData: { brands: brands.toReversed() } })).toBe(
    "Chromium 141, Google Chrome 141",
  );
});

it("is the user agent where there are no brands", () => {
  expect(browserVersion({ userAgent })).toBe(userAgent);
  expect(browserVersion({ userAgent, userAgentData: { brands: [] } })).toBe(userAgent);
});
