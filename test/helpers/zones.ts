/** Time zones without setting `TZ`: a test may need several. */

/** Offsets of a zone from the system's own table, which boba does not ask. */
export function offsetsOf(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (atMs) => {
    const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const local = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"], part["second"]);
    return local - Math.floor(atMs / 1000) * 1000;
  };
}
