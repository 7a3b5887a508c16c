// What the tables of docs/recipes.md come to, in words; to be read again when they are made anew.
export const reading = `## Reading the tables

To be written.`;
