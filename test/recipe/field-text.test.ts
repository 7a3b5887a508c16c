import { describe, expect, it } from "vitest";
import { isNumberField, readField } from "../../src/recipe/field-text.ts";
import { fieldNames, fields, type NumberFieldName } from "../../src/recipe/fields.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";

const numbers = fieldNames.filter(isNumberField);

describe("a number field", () => {
  it.each<[NumberFieldName, string, number | null]>([
    ["learningRate", "2e-5", 2e-5],
    ["learningRate", " 3E-4 ", 3e-4],
    ["validationShare", "0,2", 0.2],
    ["epochs", ".5", 0.5],
    ["seed", "+7", 7],
    ["warmupSteps", "", null],
    ["hiddenDropout", " ", null],
  ])("%s takes %j", (field, text, value) => {
    expect(readField(field, text)).toEqual({ value, problem: null });
  });

  it.each<[NumberFieldName, string, RegExp]>([
    ["learningRate", "-1", /^Enter a number above 0, for example 2e-5[.]$/],
    ["learningRate", "", /^Enter a number above 0/],
    ["learningRate", "fast", /^Enter a number above 0/],
    ["learningRate", "0x10", /^Enter a number above 0/],
    ["learningRate", "1e999", /^Enter a number above 0/],
    ["validationShare", "20", /^Enter a share from 0 to 0[.]9; write 20 % as 0[.]2[.]$/],
    ["validationShare", "35 %", /; write 35 % as 0[.]35[.]$/],
    ["validationShare", "0", /^0 would leave no rows to validate/],
    ["warmupShare", "6", /; write 6 % as 0[.]06[.]$/],
    ["labelSmoothing", "10", /; write 10 % as 0[.]1[.]$/],
    ["hiddenDropout", "99", /^Enter a share from 0 to 0[.]95; write 10 % as 0[.]1/],
    ["batchSize", "1.5", /^Enter a whole number of rows from 1 to 4,096[.]$/],
    ["epochs", "1,500", /Write it without commas between the thousands[.]$/],
    ["seed", "-1", /^Enter a whole number from 0/],
    ["maxLength", "2", /^Enter a whole number of tokens from 3/],
  ])("%s says of %j what to enter", (field, text, problem) => {
    expect(readField(field, text).problem).toMatch(problem);
  });

  it.each(numbers)("%s speaks in its own words: never in names of the schema", (field) => {
    for (const text of ["", "x", "-1", "1e12"]) {
      const { problem } = readField(field, text);
      if (problem !== null) expect(problem).not.toMatch(/expected|received|NaN|null|[“"<>]|[a-z][A-Z]/);
    }
    expect(readField(field, "x").problem).toContain(fields[field].wanted);
  });

  it.each(numbers)("%s has its default within what it says", (field) => {
    const value = defaultRecipe[field];
    expect(readField(field, value === null ? "" : String(value))).toEqual({ value, problem: null });
  });
});
