/** Figures of notes as people read them: anybody may have written those, so sums are in bigint. What the ledger holds is written by `core/money.ts`. */

const NANO_PER_CENT = 10_000_000n;

/**
 * Dollars with two decimals; `<$0.01` below a cent, `n/a` without a price. `floor` puts `>= ` in front and rounds down, so that it stays
 * true.
 */
export function formatNotedUsd(nanoUsd: bigint | null, floor = false): string {
  if (nanoUsd === null) return "n/a";
  if (nanoUsd > 0n && nanoUsd < NANO_PER_CENT) return floor ? ">= $0.00" : "<$0.01";
  const cents = (nanoUsd + (floor ? 0n : NANO_PER_CENT / 2n)) / NANO_PER_CENT;
  return `${floor ? ">= " : ""}$${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
}

/** Dollars to the last nano-dollar that is not 0, with two decimals at least: for comparing. */
export function exactUsd(nanoUsd: bigint): string {
  const part = String(nanoUsd % 1_000_000_000n).padStart(9, "0");
  return `$${nanoUsd / 1_000_000_000n}.${part.slice(0, 2)}${part.slice(2).replace(/0+$/, "")}`;
}

/** 950, 12.4K, 3.1M, 2.0B: rounded down, three digits or four. */
export function formatCount(n: number): string {
  for (const [unit, size] of [
    ["B", 1e9],
    ["M", 1e6],
    ["K", 1e3],
  ] as const) {
    if (n >= size) return `${(Math.floor((n / size) * 10) / 10).toFixed(1)}${unit}`;
  }
  return String(n);
}

/** A share in whole percent, rounded down: 99.9 % is not all of it. */
export function wholePercent(part: number, of: number): number {
  return of === 0 ? 0 : Math.floor((100 * part) / of);
}

/** Control characters and those that change the direction of text, as one blank; at most `max` characters. */
export function plainLine(text: string, max: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ").trim();
  const letters = [...clean];
  return letters.length <= max ? clean : `${letters.slice(0, max - 1).join("")}…`;
}
