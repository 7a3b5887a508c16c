import { Problem } from "../problem/problem.ts";

/** A JSON object with unchecked fields. */
export type JsonObject = Record<string, unknown>;

/** Whether a parsed JSON value is an object, not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses the text of a JSON file that must hold an object.
 *
 * @param name file name, for the error
 * @throws Problem when the text is not JSON or holds something else
 */
export function parseObject(text: string, name: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notAnObject(name, `${name} is not valid JSON.`, String(error));
  }
  if (!isObject(value)) throw notAnObject(name, `${name} holds no JSON object.`, "");
  return value;
}

function notAnObject(name: string, found: string, details: string): Problem {
  return new Problem({
    found,
    expected: `A ${name} as transformers' save_pretrained writes it is expected.`,
    remedy: "Download the file again or save the tokenizer anew, and open the checkpoint once more.",
    details,
  });
}
