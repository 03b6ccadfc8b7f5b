/** Install, then uninstall: every byte and mode is what it was, whatever the files looked like. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { healHooks } from "../../src/flow/hooks-heal.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { appAt, events, fingerprints, gitIsNew, install, NEW_GIT, spoolFile, uninstall } from "./tools.ts";

function hook(repo: string, text: string, mode = 0o755): void {
  writeFileSync(join(repo, ".git/hooks/post-commit"), text);
  chmodSync(join(repo, ".git/hooks/post-commit"), mode);
}

/** Everything of the repository that is not its history. */
function all(repo: string): Record<string, string> {
  return fingerprints(repo, ".git", ".husky", ".githooks", "hooks-elsewhere");
}

const RAN = "echo ran >>ran; exit 7";

describe.each([
  ["none", null],
  ["without a newline at its end", `#!/bin/sh\n${RAN}`],
  ["a shebang alone without a newline", "#!/bin/sh"],
  ["without a shebang", `${RAN}\n`],
  ["#!/bin/sh -e", `#!/bin/sh -e\n${RAN}\n`],
  ["#!/bin/sh -eu", `#!/bin/sh -eu\n${RAN}\n`],
  ["#!/usr/bin/env bash", `#!/usr/bin/env bash\nset -euo pipefail\n${RAN}\n`],
  ["lines that end in CRLF below the shebang", `#!/bin/sh\necho ran >>ran; : \r\nexit 7\n`],
  ["bytes that are no UTF-8", `#!/bin/sh\n# \xff\xfe\n${RAN}\n`],
])("hook file: %s", (_, text) => {
  test("is told, keeps its own work, is restored", async () => {
    const box = sandbox();
    const repo = box.repo();
    if (text !== null) writeFileSync(join(repo, ".git/hooks/post-commit"), Buffer.from(text, "latin1"), { mode: 0o755 });
    const before = all(repo);
    const report = await install(box, repo);
    expect(report.events[0]).toMatchObject({ event: "post-commit", block: true, obstacle: null });
    expect(await uninstall(box, repo)).toMatchObject({ failed: [] });
    expect(all(repo)).toEqual(before);
    await install(box, repo);
    const hooks = fingerprints(repo, ".git/hooks", ".git/config");
    expect((await install(box, repo)).written).toEqual([]);
    expect(fingerprints(repo, ".git/hooks", ".git/config")).toEqual(hooks);
    box.git(repo, "commit", "-q", "--allow-empty", "-m", "x");
    expect(events(box)).toEqual(["post-commit"]);
    if (text?.includes("ran") === true) expect(readFileSync(join(repo, "ran"), "utf8")).toBe("ran\n");
  });
});

describe.each([
  ["python", "interpreter", (repo: string) => hook(repo, "#!/usr/bin/env python3\nprint(1)\n")],
  ["a carriage return in the shebang", "interpreter", (repo: string) => hook(repo, "#!/bin/sh\r\nexit 0\r\n")],
  ["a program", "interpreter", (repo: string) => hook(repo, "\x7fELF\0\0")],
  ["not executable", "not-executable", (repo: string) => hook(repo, "#!/bin/sh\nexit 0\n", 0o644)],
  [
    "a symbolic link",
    "symlink",
    (repo: string) => {
      writeFileSync(join(repo, "hook.sh"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
      symlinkSync("../../hook.sh", join(repo, ".git/hooks/post-commit"));
    },
  ],
])("hook file: %s", (_, obstacle, make) => {
  test("is left alone, with a line to add by hand", async () => {
    const box = sandbox();
    const repo = box.repo();
    make(repo);
    const before = all(repo);
    const report = await install(box, repo);
    expect(report.events.map((event) => event.obstacle)).toEqual([obstacle, null, null, null, null]);
    expect(report.snippets).toEqual([
      {
        file: ".git/hooks/post-commit",
        line: `( BOBA_HOOK=post-commit; . "$HOME"'/.boba/git-hooks/spool.sh' ) </dev/null 3>&2 >/dev/null 2>&1 || :`,
      },
    ]);
    expect(fingerprints(repo, ".git/hooks/post-commit")).toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => path === ".git/hooks/post-commit")),
    );
    await uninstall(box, repo);
    expect(all(repo)).toEqual(before);
  });
});

describe.each([
  ["[core]\n\tbare = false\n[alias]\n\tx = y", "no newline at the end"],
  ["[core]\n\tbare = false\n[include]\n\tpath = mine\n", "an include of the user's"],
  ["[core]\n\tbare = false\n[boba]\n\tother = 1\n", "a section of the same name"],
])("config %j", (text) => {
  test("is restored, and keeps what the user adds meanwhile", async () => {
    const box = sandbox();
    const repo = box.repo();
    const config = join(repo, ".git/config");
    writeFileSync(config, text);
    chmodSync(config, 0o600);
    const before = all(repo);
    const report = await install(box, repo);
    expect(box.git(repo, "config", "boba.clone")).toBe(report.clone);
    expect(report.clone).toMatch(/^[0-9a-f]{8}$/);
    expect(box.git(repo, "config", "--get-all", "include.path").split("\n")).toContain(join(box.bobaHome, "git-hooks", "gitconfig"));
    await uninstall(box, repo);
    expect(all(repo)).toEqual(before);
    await install(box, repo);
    box.git(repo, "config", "user.nick", "ada");
    box.git(repo, "config", "boba.mine", "2");
    await uninstall(box, repo);
    expect(box.git(repo, "config", "user.nick")).toBe("ada");
    expect(box.git(repo, "config", "boba.mine")).toBe("2");
    expect(readFileSync(config, "utf8")).not.toContain(box.bobaHome);
    expect(readFileSync(config, "utf8")).not.toContain("clone");
  });
});

/** Sets core.hooksPath and says what should come of it. */
const PATHS: [string, (box: Sandbox, repo: string) => string, string | null][] = [
  ["a tracked folder", () => ".githooks", "tracked-folder"],
  ["a folder outside", (box) => join(box.dir, "shared-hooks"), "shared-folder"],
  ["empty", () => "", "hooks-off"],
  ["git's own, absolute", (_, repo) => join(repo, ".git", "hooks"), null],
  ["an ignored folder, relative", () => "hooks-elsewhere", null],
];

test.each(PATHS)("core.hooksPath: %s", async (_, value, obstacle) => {
  const box = sandbox();
  const repo = box.repo();
  for (const dir of [join(repo, ".githooks"), join(repo, "hooks-elsewhere"), join(box.dir, "shared-hooks")]) mkdirSync(dir);
  box.write(repo, ".git/info/exclude", "/hooks-elsewhere\n");
  box.git(repo, "config", "core.hooksPath", value(box, repo));
  const before = { ...all(repo), ...fingerprints(box.dir, "shared-hooks") };
  const report = await install(box, repo);
  expect(report.events.map((event) => event.obstacle)).toEqual(Array.from({ length: 5 }, () => obstacle));
  const head = ["commit", "-q", "--allow-empty", "-m", "x"];
  box.git(repo, ...head);
  expect(events(box)).toEqual(obstacle === null || gitIsNew(box) ? ["post-commit"] : []);
  await uninstall(box, repo);
  const after = { ...all(repo), ...fingerprints(box.dir, "shared-hooks") };
  const lasting = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => /hooks|config|info/.test(path)));
  expect(lasting(after)).toEqual(lasting(before));
});

test("only new gits: one include, no hook file", async () => {
  const box = sandbox();
  const repo = box.repo();
  const before = fingerprints(repo, ".git/hooks");
  const report = await install(box, repo, NEW_GIT);
  expect(fingerprints(repo, ".git/hooks")).toEqual(before);
  expect(report.events.map(({ include, block, obstacle }) => ({ include, block, obstacle }))).toEqual(
    Array.from({ length: 5 }, () => ({ include: true, block: false, obstacle: null })),
  );
});

test("no hooks folder: one is made, and goes again", async () => {
  const box = sandbox();
  const repo = box.repo();
  rmSync(join(repo, ".git/hooks"), { recursive: true });
  const before = all(repo);
  await install(box, repo);
  await uninstall(box, repo);
  expect(all(repo)).toEqual(before);
});

test("without its manifest uninstall goes by the marks", async () => {
  const box = sandbox();
  const repo = box.repo();
  hook(repo, "#!/bin/sh\nexit 0\n");
  const before = all(repo);
  await install(box, repo);
  rmSync(join(box.bobaHome, "git-hooks", "manifest.json"));
  await uninstall(box, repo);
  expect(all(repo)).toEqual(before);
});

test("a removed include and a removed block come back, once, and the rest of the file stays", async () => {
  const box = sandbox();
  const repo = box.repo();
  const config = join(repo, ".git/config");
  const original = readFileSync(config, "utf8");
  await install(box, repo);
  writeFileSync(config, `${original}[user]\n\tnick = ada\n`);
  hook(repo, "#!/bin/sh\nexit 0\n");
  const healed = await healHooks(appAt(box, repo), repo);
  expect(healed).toEqual([
    { file: config, what: "include", cause: "the configuration was rewritten" },
    { file: join(repo, ".git/hooks/post-commit"), what: "block", cause: "the hook file was rewritten" },
  ]);
  expect(await healHooks(appAt(box, repo), repo)).toEqual([]);
  rmSync(spoolFile(box), { force: true });
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "x");
  expect(events(box)).toEqual(["post-commit"]);
  await uninstall(box, repo);
  expect(readFileSync(config, "utf8")).toBe(`${original}[user]\n\tnick = ada\n`);
  expect(readFileSync(join(repo, ".git/hooks/post-commit"), "utf8")).toBe("#!/bin/sh\nexit 0\n");
});
