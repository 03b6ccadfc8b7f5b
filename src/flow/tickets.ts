/** The user's own way of naming tickets. */
import { existsSync } from "node:fs";
import { DEFAULT_TICKET_PATTERN, usualTicket, type TicketOf } from "../core/tickets.ts";
import type { App } from "./app.ts";

/** The ticket finder that settings.yaml asks for. Without one of the user's own, neither YAML nor patterns' machinery is loaded. */
export async function ticketFinder(app: App): Promise<TicketOf> {
  if (!existsSync(app.paths.settings)) return usualTicket;
  const { loadSettings } = await import("../config/settings.ts");
  const { pattern } = (await loadSettings(app.paths)).tickets;
  if (pattern === DEFAULT_TICKET_PATTERN) return usualTicket;
  return (await import("../core/ticket-pattern.ts")).compileTicketPattern(pattern);
}
