/** The steps all commands share: run, present an error, return the exit code. */
import { Command } from "clipanion";
import { EXIT } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { presentError } from "./errors.ts";

export abstract class BobaCommand extends Command<Context> {
  /** The command's work; returns the exit code. Throws BobaError for expected failures. */
  abstract run(): Promise<number>;

  async execute(): Promise<number> {
    try {
      return await this.run();
    } catch (error) {
      // `boba ... | head` closes our stdout: that is the reader's choice, not a failure.
      if (error instanceof Error && "code" in error && error.code === "EPIPE") return EXIT.ok;
      const isWorldly = error instanceof Error && "code" in error;
      const known = isWorldly ? (await import("../flow/known-error.ts")).knownError(this.context.app, error) : error;
      return presentError(known, this.context);
    }
  }

  /** Writes data to stdout, ending it with one newline. */
  protected print(text: string): void {
    this.context.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Writes anything that is not data to stderr. */
  protected tell(text: string): void {
    this.context.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
  }
}
