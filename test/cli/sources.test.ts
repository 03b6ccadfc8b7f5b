import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const settingsOf = (box: Sandbox) => join(box.bobaHome, "settings.yaml");
const statusOf = (box: Sandbox, id: string) => box.json(["sources"]).sources.find((source: { id: string }) => source.id === id);

test("says what was found and where, how many records came of it, and what was skipped and why", () => {
  const box = sandbox();
  const atMs = Date.UTC(2026, 4, 1, 10);
  respond(box, { cwd: "/w", session: "one", output: 5, atMs });
  respond(box, { cwd: "/w", session: "two", output: 6, atMs: atMs - 1000 });
  writeFileSync(join(box.home, ".claude", "projects", "-w", "bad.jsonl"), '{"output_tokens":\n');
  box.boba(["import", "--file", "-"], { input: '{"id":"x","tool":"my-agent","model":"gpt-5","time":"2026-05-01T10:00:00Z"}\n' });
  expect(statusOf(box, "claude-code")).toMatchObject({
    enabled: true,
    files: 3,
    folder: join(box.home, ".claude", "projects", "-w"),
    records: 2,
    last_record_at: "2026-05-01T10:00:00.000Z",
    skipped: [{ path: join(box.home, ".claude", "projects", "-w", "bad.jsonl"), line: 1, reason: "not JSON" }],
  });
  expect(statusOf(box, "my-agent")).toMatchObject({ kind: "import", records: 1, files: 0 });
  expect(statusOf(box, "codex") ?? { files: 0 }).toMatchObject({ files: 0 });
  const table = box.boba(["sources"], { env: { COLUMNS: "120" } }).stdout;
  expect(table).toMatch(/claude-code +on +3 +2 +\d.* 1 +~\/\.claude\/projects\/-w/);
  expect(box.boba(["sources", "claude-code"]).stdout).toContain("~/.claude/projects/-w/bad.jsonl:1  not JSON");
  expect(box.boba(["sources", "nobody"], { expect: 2 }).stderr).toContain("BOBA-USE-11");
});

test("a team's settings stay open to the team, whatever the umask", () => {
  const box = sandbox();
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(settingsOf(box), "hooks:\n  mode: lazy\n");
  chmodSync(settingsOf(box), 0o664);
  const done = spawnSync("sh", ["-c", 'umask 077; exec "$0" "$1" sources disable codex', process.execPath, BOBA], { env: box.env });
  expect([done.status, statSync(settingsOf(box)).mode & 0o777]).toEqual([0, 0o664]);
});

test("a source that is switched off is left alone until it is switched on again; comments in the settings stay", () => {
  const box = sandbox();
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(settingsOf(box), "# ours\nhooks:\n  mode: lazy # for now\n");
  box.boba(["sources", "disable", "claude-code"]);
  respond(box, { cwd: "/w", output: 5 });
  expect(statusOf(box, "claude-code")).toMatchObject({ enabled: false, records: 0 });
  expect(readFileSync(settingsOf(box), "utf8")).toBe(
    "# ours\nhooks:\n  mode: lazy # for now\nsources:\n  claude-code:\n    enabled: false\n",
  );
  box.boba(["sources", "enable", "claude-code"]);
  expect(statusOf(box, "claude-code")).toMatchObject({ enabled: true, records: 1 });
});

test("a folder that is added is read besides the agent's own, and no longer once it is removed", () => {
  const box = sandbox();
  const other = sandbox();
  respond(other, { cwd: "/w", output: 5 });
  const folder = join(other.home, ".claude");
  box.boba(["sources", "add", "claude-code", folder]);
  box.boba(["sources", "add", "claude-code", ".claude"], { cwd: other.home });
  expect(statusOf(box, "claude-code")).toMatchObject({ paths: [folder], records: 1, files: 1 });
  box.boba(["sources", "remove", "claude-code", folder]);
  expect(statusOf(box, "claude-code")).toMatchObject({ paths: [], records: 1, files: 0 });
  expect(box.boba(["sources", "remove", "claude-code", folder], { expect: 2 }).stderr).toContain("BOBA-USE-32");
  expect(box.boba(["sources", "add", "claude-code", join(folder, "none")], { expect: 2 }).stderr).toContain("BOBA-FS-4");
});

test("settings that hold only comments keep them, a link stays a link, and settings that are not valid are left alone", () => {
  const box = sandbox();
  mkdirSync(box.bobaHome, { recursive: true });
  const shared = join(box.dir, "team.yaml");
  writeFileSync(shared, "# the team's\n");
  symlinkSync(shared, settingsOf(box));
  box.boba(["sources", "disable", "claude-code"]);
  expect(readFileSync(shared, "utf8")).toBe("# the team's\n\nsources:\n  claude-code:\n    enabled: false\n");
  writeFileSync(shared, "hooks: [\n");
  expect(box.boba(["sources", "enable", "claude-code"], { expect: 2 }).stderr).toContain("BOBA-CFG-3");
  expect(readFileSync(shared, "utf8")).toBe("hooks: [\n");
});
