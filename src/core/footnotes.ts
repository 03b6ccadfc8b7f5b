/** What every report says below its figures: the gaps. */
export interface Footnotes {
  /** Models without a known price and how many requests each has; these are not in the cost. */
  unpricedModels: readonly (readonly [model: string, requests: number])[];
  skipped: { lines: number; files: number; reasons: Readonly<Record<string, number>> };
}
