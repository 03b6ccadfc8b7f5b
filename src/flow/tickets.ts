/** The user's own way of naming tickets. */
import { existsSync } from "node:fs";
import { compileTicketPattern, DEFAULT_TICKET_PATTERN, type TicketOf } from "../core/tickets.ts";
import type { App } from "./app.ts";

/** The ticket finder that settings.yaml asks for. Without a settings file nothing of the YAML machinery is loaded. */
export async function ticketFinder(app: App): Promise<TicketOf> {
  if (!existsSync(app.paths.settings)) return compileTicketPattern(DEFAULT_TICKET_PATTERN);
  const { loadSettings } = await import("../config/settings.ts");
  return compileTicketPattern((await loadSettings(app.paths)).tickets.pattern);
}
