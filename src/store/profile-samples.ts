/** How often each profile was used. */
import type { Db } from "../platform/sqlite.ts";

/** Requests by profile; records that no profile made do not count. */
export function requestsByProfile(db: Db): ReadonlyMap<string, number> {
  const rows = db
    .prepare<[], { profile: string; requests: number }>(
      "SELECT profile, count(*) AS requests FROM usage_records WHERE profile IS NOT NULL GROUP BY profile",
    )
    .all();
  return new Map(rows.map(({ profile, requests }) => [profile, requests]));
}
