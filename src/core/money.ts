/** How figures are written: money from nano-dollars, token counts, shares. Text only; sums are made elsewhere, in integers. */

const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars as dollars with `decimals` places, rounded half up: `$1,234.50`. What is above zero never reads as zero: `<$0.01`. */
export function formatUsd(costNanoUsd: number, decimals = 2): string {
  const units = roundTo(costNanoUsd, decimals);
  const scale = 10 ** decimals;
  return units === 0 && costNanoUsd > 0 ? `<$${(1 / scale).toFixed(decimals)}` : dollars(units, decimals);
}

/** What is known of a cost that is not known whole, rounded down so that it stays true: `>= $4.20`. */
export function formatFloor(costNanoUsd: number, decimals = 2): string {
  return `>= ${dollars(Math.floor(costNanoUsd / (NANO_PER_USD / 10 ** decimals)), decimals)}`;
}

/** `units` of the last decimal place. */
function dollars(units: number, decimals: number): string {
  const scale = 10 ** decimals;
  return `$${groupDigits(Math.floor(units / scale))}.${String(units % scale).padStart(decimals, "0")}`;
}

/** A cost of which `unpriced` of `requests` have no known price: `n/a` when none is known, a floor (`>= $4.20`) when some are not. */
export function formatCost(cost: { costNanoUsd: number; requests: number; unpricedRequests: number }, decimals = 2): string {
  if (cost.requests > 0 && cost.unpricedRequests >= cost.requests) return "n/a";
  return cost.unpricedRequests > 0 ? formatFloor(cost.costNanoUsd, decimals) : formatUsd(cost.costNanoUsd, decimals);
}

/** As many decimals (2 to 4) as the printed rows need to add up to the printed total; 2 when no number of them does. */
export function decimalsFor(columns: readonly { rows: readonly number[]; total: number }[]): number {
  for (const decimals of [2, 3, 4]) {
    const addsUp = ({ rows, total }: { rows: readonly number[]; total: number }) =>
      rows.reduce((sum, costNanoUsd) => sum + roundTo(costNanoUsd, decimals), 0) === roundTo(total, decimals) &&
      (decimals > 2 || rows.every((costNanoUsd) => costNanoUsd === 0 || roundTo(costNanoUsd, decimals) > 0));
    if (columns.every(addsUp)) return decimals;
  }
  return 2;
}

/** Dollars as a JSON number. */
export function toUsd(costNanoUsd: number): number {
  return costNanoUsd / NANO_PER_USD;
}

/** A count with thousands separators, the same in every locale: `12,345`. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 file`, `2,000 files`: for nouns that only take an s. */
export function counted(count: number, noun: string): string {
  return `${groupDigits(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const STEPS = [
  [1_000_000_000_000, "T"],
  [1_000_000_000, "B"],
  [1_000_000, "M"],
  [1_000, "K"],
] as const;

/** A token count in three or four figures: `999`, `12.4K`, `3.1M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  // 999,950 would round to `1000.0K`: the step up begins there.
  const [unit, letter] = STEPS.find(([size]) => tokens >= size * 0.99995) ?? STEPS[3];
  return `${(Math.round((tokens / unit) * 10) / 10).toFixed(1)}${letter}`;
}

/** A share in whole percent, rounded down, so that shares never claim more than there is. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return "-";
  return `${Math.floor((part / whole) * 100 + 1e-9)}%`;
}

function roundTo(costNanoUsd: number, decimals: number): number {
  return Math.floor(costNanoUsd / (NANO_PER_USD / 10 ** decimals) + 0.5);
}
