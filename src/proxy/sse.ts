/** Server-sent events out of bytes that may be cut anywhere (WHATWG HTML, "Interpreting an event stream"). */
import { StringDecoder } from "node:string_decoder";

/** A line or an event longer than this is not held: the stream is passed over from then on. */
export const MAX_EVENT_CHARS = 16 * 1024 * 1024;

/** Takes chunks as they come and gives the data of each event that is complete. The name of an event is not kept: all providers repeat it inside. */
export class SseReader {
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #data: string[] = [];
  #chars = 0;
  #afterCr = false;
  #started = false;
  /** The stream held an event beyond all bounds, so that what came after it was not read. */
  overflowed = false;

  push(chunk: Buffer): string[] {
    return this.#feed(this.#decoder.write(chunk));
  }

  /** At the end of the stream: an event without its empty line is not one, says the standard, but some servers end so. */
  end(): string[] {
    const events = this.#feed(`${this.#decoder.end()}\n`);
    const last = this.#dispatch();
    return last === null ? events : [...events, last];
  }

  #feed(text: string): string[] {
    if (this.overflowed || text === "") return [];
    const whole = this.#started ? text : text.replace(/^\uFEFF/, "");
    this.#started = true;
    // The second half of a line end that was cut in two.
    const fresh = this.#afterCr && whole.startsWith("\n") ? whole.slice(1) : whole;
    this.#afterCr = whole.endsWith("\r");
    const lines = fresh.split(/\r\n|\n|\r/);
    lines[0] = this.#line + (lines[0] as string);
    this.#line = lines.pop() as string;
    const events: string[] = [];
    for (const line of lines) {
      const event = line === "" ? this.#dispatch() : this.#field(line);
      if (event !== null) events.push(event);
    }
    if (this.#chars + this.#line.length > MAX_EVENT_CHARS) {
      this.overflowed = true;
      this.#data = [];
      this.#line = "";
    }
    return events;
  }

  #field(line: string): null {
    if (!line.startsWith("data")) return null;
    if (line.length > 4 && line[4] !== ":") return null;
    const value = line.slice(line[5] === " " ? 6 : 5);
    this.#data.push(value);
    // With the line end that it is joined by, so that empty lines are not held without end.
    this.#chars += value.length + 1;
    return null;
  }

  #dispatch(): string | null {
    if (this.#data.length === 0) return null;
    const data = this.#data.join("\n");
    this.#data = [];
    this.#chars = 0;
    return data;
  }
}
