/** A line of what a start would do. */
export interface PreviewLine {
  name: string;
  value: string;
}
