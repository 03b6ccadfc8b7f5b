/** What `boba edit` opens, and what it did. */

export const EDITABLE = ["profiles", "routes", "pricing", "secrets", "settings", "project"] as const;
export type EditableFile = (typeof EDITABLE)[number];

export interface EditReport {
  path: string;
  /** It was missing, and began as its template. */
  made: boolean;
  changed: boolean;
  /** It is gone: the editor removed it. */
  removed: boolean;
}
