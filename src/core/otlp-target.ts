/** Where metrics are sent, and with which headers. Pure. */
import { BobaError, EXIT } from "./errors.ts";

const PATH = "/v1/metrics";
/** RFC 9110: a field's name is a token; its value holds no control character. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const MAX_HEADERS = 20;
/** These belong to the request itself. */
const OURS: ReadonlySet<string> = new Set(["content-length", "content-type", "host", "connection", "transfer-encoding", "user-agent"]);

/** `url` with `/v1/metrics` behind it, unless it ends so; `name` is the same without what a query may hold. */
export function otlpEndpoint(url: string): { url: string; name: string } {
  const parsed = new URL(url);
  const path = parsed.pathname.replace(/\/+$/, "");
  parsed.pathname = path.endsWith(PATH) ? path : `${path}${PATH}`;
  parsed.hash = "";
  return { url: parsed.href, name: `${parsed.origin}${parsed.pathname}` };
}

/**
 * `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs with commas between them, values percent-encoded (opentelemetry.io, OTLP exporter configuration).
 * @throws BobaError BOBA-USE-51, which names the position and never the value: it is a secret.
 */
export function otlpHeaders(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  const pairs = (text ?? "").split(",").filter((pair) => pair.trim() !== "");
  for (const [at, pair] of pairs.entries()) {
    const split = pair.indexOf("=");
    const name = pair.slice(0, split).trim().toLowerCase();
    const value = split < 1 ? null : decoded(pair.slice(split + 1).trim());
    if (value === null || !NAME.test(name) || !VALUE.test(value) || OURS.has(name) || at >= MAX_HEADERS) {
      const hint = "write it as name=value,name=value with values percent-encoded";
      throw new BobaError("BOBA-USE-51", EXIT.usage, `OTEL_EXPORTER_OTLP_HEADERS: pair ${at + 1} is not a header`, hint);
    }
    headers[name] = value;
  }
  return headers;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a lone % sign
  }
}
