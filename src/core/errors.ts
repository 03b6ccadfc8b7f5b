/** The one class of expected failure. Anything else that is thrown is a bug and keeps its stack. */

/** What the program exits with; design section 9. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  database: 3,
  network: 4,
  permission: 5,
  cancelled: 10,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** `BOBA-<area>-<n>`: never reused for another meaning, so it can be searched for. */
export type ErrorCode =
  `BOBA-${"USE" | "CFG" | "DB" | "GIT" | "HOOK" | "FS" | "NET" | "SRC" | "NOTE" | "CI" | "ROUTE" | "SEC" | "BUD"}-${number}`;

export class BobaError extends Error {
  readonly code: ErrorCode;
  /** What to type or do next. */
  readonly hint: string;
  readonly exit: ExitCode;

  constructor(code: ErrorCode, exit: ExitCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "BobaError";
    this.code = code;
    this.exit = exit;
    this.hint = hint;
  }
}
