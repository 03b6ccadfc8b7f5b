/** The steps all commands share: run, present an error, return the exit code. */
import { Command } from "clipanion";
import { EXIT } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { presentError } from "./errors.ts";

/** What ends output without an end of its own: the reader's choice, not a failure. */
class NobodyReads extends Error {}

export abstract class BobaCommand extends Command<Context> {
  /** The command's work; returns the exit code. Throws BobaError for expected failures. */
  abstract run(): Promise<number>;

  async execute(): Promise<number> {
    try {
      return await this.run();
    } catch (error) {
      if (error instanceof NobodyReads) return EXIT.ok;
      const isWorldly = error instanceof Error && "code" in error;
      const known = isWorldly ? (await import("../flow/known-error.ts")).knownError(this.context.app, error) : error;
      return presentError(known, this.context);
    }
  }

  /** Writes data to stdout, ending it with one newline. */
  protected print(text: string): void {
    this.context.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** The same for what goes on for ever, or for long: it ends when nobody reads on (`boba logs --follow | head`). */
  protected printOn(text: string): void {
    this.context.stdout.write(text);
    if (this.context.stdout.gone) throw new NobodyReads();
  }

  /** Writes anything that is not data to stderr. */
  protected tell(text: string): void {
    this.context.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
  }
}
