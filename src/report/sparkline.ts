/** A row of numbers as a row of small bars. */

const BARS = { unicode: "▁▂▃▄▅▆▇█", ascii: "_,-~=+*#" } as const;
const NONE = { unicode: "·", ascii: "." } as const;

/**
 * One character each, the highest value the highest bar. Nothing at all is a dot; what is above zero is never as low as that; what is there but
 * not known (null) is a question mark.
 */
export function sparkline(values: readonly (number | null)[], isUnicode: boolean): string {
  const set = isUnicode ? "unicode" : "ascii";
  const bars = [...BARS[set]];
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  const bar = (value: number | null) => {
    if (value === null) return "?";
    return value <= 0 ? NONE[set] : (bars[Math.max(0, Math.ceil((value / highest) * bars.length) - 1)] as string);
  };
  return values.map(bar).join("");
}
