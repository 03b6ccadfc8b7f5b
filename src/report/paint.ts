/** The few ways boba marks text on a terminal; all of them do nothing where colour is not wanted. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
}

/** How wide and how colourful the reader's terminal is. */
export interface Screen {
  columns: number;
  colour: boolean;
  /** Whether it shows letters beyond ASCII, as far as is known. */
  unicode?: boolean;
}

export function paintFor(screen: Pick<Screen, "colour">): Paint {
  // SGR sequences that leave the background and the rest of the terminal's own palette alone.
  const mark = (on: number, off: number) => (text: string) => (screen.colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return { bold: mark(1, 22), dim: mark(2, 22), accent: mark(36, 39) };
}
