/**
 * Writes to standard output and waits until it is taken, so that a slow reader sets the pace and nothing is lost when
 * the program ends. Rejects where nobody reads any more.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
