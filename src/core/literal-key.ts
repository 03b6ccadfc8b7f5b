/** Recognises keys that are written out where a reference to a secret belongs. */

/** How providers begin their keys. */
const MADE_LIKE_ONE =
  /(?:^|[\s=:,"'])(?:sk-[\w-]{8}|(?:sk|pk|rk)_(?:live|test)_\w{8}|AIza[\w-]{16}|gsk_\w{8}|xai-\w{8}|hf_\w{8}|r8_\w{8}|gh[pousr]_\w{16}|github_pat_\w{8}|AKIA[A-Z0-9]{12}|ya29\.[\w-]{8}|eyJ[\w-]{8,}\.[\w-]{8})/;
const MIN_RANDOM = 24;
/** Bits a letter: words and paths in English stay below, random letters and digits above. */
const RANDOM_BITS = 3.6;

/** Whether a value holds what looks like a key: a provider's way of making them, or many letters and digits without a pattern. */
export function looksLikeKey(value: string): boolean {
  if (MADE_LIKE_ONE.test(value)) return true;
  return value.split(/[\s=,"']+/).some((word) => word.length >= MIN_RANDOM && /^[\w+/-]+=*$/.test(word) && isRandom(word));
}

function isRandom(word: string): boolean {
  if (!/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  // Names of models, dates and versions are words and numbers with marks between them.
  if (word.split(/[-_/]/).every((part) => part.length <= 12 && /^([A-Za-z]*|\d*|[A-Za-z]+\d{1,3})$/.test(part))) return false;
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  // Hexadecimal has four bits at most, and few words are made of its letters alone.
  return bits >= (/^[0-9a-f]+$/i.test(word) ? 3 : RANDOM_BITS);
}
