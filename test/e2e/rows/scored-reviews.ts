const words = { excellent: 2, lovely: 1.6, good: 1, fine: 0.4, dull: -0.8, poor: -1.3, awful: -2 };
const degrees = { "very ": 1.4, "rather ": 0.7, "": 1 };

/** All ways to praise or blame something, with what each is worth. */
const praises = Object.entries(degrees).flatMap(([degree, times]) =>
  Object.entries(words).map(([word, worth]) => ({ text: degree + word, worth: times * worth })),
);

/** Reviews of restaurants as a CSV table, whose score follows from their words: from 0.2 to 5.8 stars. */
export function scoredReviews(rows: number): string {
  const all = praises.flatMap((food) =>
    praises.map((service) => {
      const score = 3 + 0.6 * food.worth + 0.4 * service.worth;
      return `The food was ${food.text} and the service ${service.text}.,${score.toFixed(2)}`;
    }),
  );
  // A stride without a common divisor with their number visits all in a mixed order.
  const mixed = Array.from({ length: rows }, (_, row) => all[(row * 187) % all.length]);
  return ["review,score", ...mixed].join("\n");
}
