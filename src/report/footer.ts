/** The lines below every report: what is missing from the figures, and what the figures are. */
import type { Footnotes } from "../core/footnotes.ts";
import { groupDigits } from "../core/money.ts";

const MAX_MODELS = 5;

/** `clean` makes text of others fit for the format. */
export function footerLines(footnotes: Footnotes, clean: (text: string) => string): string[] {
  const lines: string[] = [];
  const { unpricedModels, skipped } = footnotes;
  if (unpricedModels.length > 0) {
    const sum = unpricedModels.reduce((all, [, requests]) => all + requests, 0);
    const named = unpricedModels.slice(0, MAX_MODELS).map(([model, requests]) => `${clean(model)} (${groupDigits(requests)})`);
    const more = unpricedModels.length > MAX_MODELS ? [`${unpricedModels.length - MAX_MODELS} more models`] : [];
    lines.push(`Unpriced: ${countOf(sum, "request")}, not in the cost: ${[...named, ...more].join(", ")}`);
  }
  if (skipped.lines + skipped.files > 0) {
    const what = [
      ...(skipped.lines > 0 ? [countOf(skipped.lines, "line")] : []),
      ...(skipped.files > 0 ? [countOf(skipped.files, "file")] : []),
    ];
    const reasons = Object.entries(skipped.reasons).map(([reason, times]) => `${clean(reason)} (${groupDigits(times)})`);
    lines.push(`Skipped: ${what.join(" and ")} that could not be read: ${reasons.join(", ")}`);
  }
  lines.push("API list prices, not an invoice.");
  return lines;
}

/** `1 request`, `2 requests`. */
export function countOf(count: number, word: string): string {
  return `${groupDigits(count)} ${word}${count === 1 ? "" : "s"}`;
}
