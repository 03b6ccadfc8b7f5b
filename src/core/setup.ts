/** What `boba init` did. */
export interface SetupReport {
  /** `~/.boba`, absolute. */
  home: string;
  /** Made now, relative to `home`; `.` is the folder itself. */
  made: readonly string[];
  /** Were there already and are as they were. */
  kept: readonly string[];
}
