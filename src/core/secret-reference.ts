/** `secret://<name>` in a value: the only way to refer to a secret. */

export const SECRET_MARK = "secret://";
const REFERENCE = /secret:\/\/([A-Za-z0-9_][A-Za-z0-9._-]{0,63})/g;

/** The names of the secrets that a value refers to, each once; null when a `secret://` in it is followed by no name. */
export function secretsNamed(value: string): string[] | null {
  const names = new Set<string>();
  const rest = value.replaceAll(REFERENCE, (_, name: string) => {
    names.add(name);
    return "";
  });
  return rest.toLowerCase().includes(SECRET_MARK) ? null : [...names];
}

/** The value with every reference replaced; `resolve` may throw for a name it does not know. */
export function withSecrets(value: string, resolve: (name: string) => string): string {
  return value.replaceAll(REFERENCE, (_, name: string) => resolve(name));
}
