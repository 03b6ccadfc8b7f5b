/** Which of two versions is newer, by the rules of semver.org 2.0.0, section 11. Pure. */

const VERSION = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,60}))?(?:\+[0-9A-Za-z.-]{1,60})?$/;

/** The version that a registry's answer names (`{"version": "1.2.3"}`); null when there is none to be read. */
export function versionIn(answer: string): string | null {
  try {
    const version: unknown = (JSON.parse(answer) as { version?: unknown } | null)?.version;
    return typeof version === "string" && VERSION.test(version) ? version.replace(/^v/, "") : null;
  } catch {
    return null; // not JSON: somebody else's page
  }
}

/** Whether `other` is newer than `own`; false also when either is no version. */
export function isNewer(other: string, own: string): boolean {
  const [a, b] = [VERSION.exec(other), VERSION.exec(own)];
  if (a === null || b === null) return false;
  for (const part of [1, 2, 3]) {
    if (Number(a[part]) !== Number(b[part])) return Number(a[part]) > Number(b[part]);
  }
  return comparePre(a[4], b[4]) > 0;
}

/** A version without a pre-release comes after those with one; else part by part, numbers before words. */
function comparePre(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  const [left, right] = [a.split("."), b.split(".")];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at], right[at]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [xIsNumber, yIsNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xIsNumber && yIsNumber) return Number(x) - Number(y);
    if (xIsNumber !== yIsNumber) return xIsNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
