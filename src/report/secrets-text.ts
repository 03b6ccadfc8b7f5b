/** Secrets as they may be shown: by name, with where they are and a few letters at most. */
import type { KnownSecret, SecretCheck } from "../core/secret.ts";
import { pad, printable, safeJson } from "../core/text.ts";

/** `boba.secrets/1`. */
export function secretsJson(secrets: readonly (KnownSecret | SecretCheck)[]): string {
  return safeJson({
    schema: "boba.secrets/1",
    secrets: secrets.map((secret) => ({
      name: secret.name,
      origin: secret.origin,
      masked: secret.masked,
      used_by: secret.usedBy,
      ...("asked" in secret ? { asked: secret.asked } : {}),
    })),
  });
}

/** One line a secret; below it, one line for each provider that was asked. */
export function secretsText(secrets: readonly (KnownSecret | SecretCheck)[]): string {
  if (secrets.length === 0) return "No secrets: store one with boba secrets set <name>.";
  const width = Math.max(...secrets.map(({ name }) => name.length));
  return secrets.flatMap((secret) => lines(secret, width)).join("\n");
}

function lines(secret: KnownSecret | SecretCheck, width: number): string[] {
  const { name, origin, masked, usedBy } = secret;
  const where = origin === null ? "missing" : `${origin}, ${masked ?? ""}`;
  const users = usedBy.length === 0 ? "used by no profile" : `used by ${usedBy.join(", ")}`;
  const asked = "asked" in secret ? secret.asked : [];
  return [
    `${pad(name, width, "left")}  ${where}; ${users}`,
    ...asked.map(({ profile, verdict, detail }) => `  ${verdict}: ${profile}: ${printable(detail)}`),
  ];
}
