/** `boba edit` with a real editor program, which a test scripts. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BOBA, PROJECT, sandbox } from "../helpers/sandbox.ts";

const TEMPLATES = join(PROJECT, "templates", "config");

/** An editor in a folder with a space, that notes its arguments, and then does what `script` says with the file (`$f`). */
function editing(script: string) {
  const box = sandbox();
  const editor = join(box.dir, "my editors", "ed.sh");
  mkdirSync(join(box.dir, "my editors"));
  writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${box.dir}/args'\nfor f; do :; done\n${script}\n`, { mode: 0o755 });
  const env = { EDITOR: `"${editor}" --wait 'two words'` };
  return {
    ...box,
    env: { ...box.env, ...env },
    edit: (file: string, options: { expect?: number; cwd?: string } = {}) => box.boba(["edit", file], { env, ...options }),
    args: () => readFileSync(join(box.dir, "args"), "utf8").trimEnd().split("\n"),
    path: (file: string) => join(box.bobaHome, `${file}.yaml`),
  };
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("boba edit", () => {
  test.each(["profiles", "routes", "pricing", "settings", "secrets"])("makes %s from its template, and hands it to the editor", (file) => {
    const box = editing(":");
    const { stdout, stderr } = box.edit(file);
    expect([stdout, stderr]).toEqual(["", `${box.path(file)}: made, not changed\n`]);
    expect(box.args()).toEqual(["--wait", "two words", box.path(file)]);
    expect(readFileSync(box.path(file), "utf8")).toBe(readFileSync(join(TEMPLATES, `${file}.yaml`), "utf8"));
    expect(modeOf(box.path(file))).toBe(file === "secrets" ? 0o600 : 0o644);
    expect(existsSync(join(box.bobaHome, "schemas", `${file}.json`))).toBe(true);
  });

  test("hands the editor no secrets", () => {
    const box = editing("env");
    const { stdout } = box.boba(["edit", "settings"], { env: { EDITOR: box.env.EDITOR, BOBA_SECRET_WORK: "x" } });
    expect(stdout).toContain("\nHOME=");
    expect(stdout).not.toContain("BOBA_SECRET_");
  });

  test("says that what was saved is in order", () => {
    const box = editing(`echo 'profile: work' >> "$f"`);
    expect(box.edit("settings.yaml").stderr).toBe(`${box.path("settings")}: made, saved and in order\n`);
  });

  test("says where what was saved is wrong, and keeps it", () => {
    const text = "rules:\n  - { id: a, if: hour > 3, use: b, falback: c }\n";
    const box = editing(`printf '%s' '${text}' > "$f"`);
    const { stderr } = box.edit("routes", { expect: 2 });
    expect(stderr).toContain(
      `boba: ${box.path("routes")}:2:36: rules.0.falback: there is no such key; did you mean \`fallback\`? [BOBA-CFG-4]\n`,
    );
    expect(readFileSync(box.path("routes"), "utf8")).toBe(text);
    expect(box.args()).toHaveLength(3);
  });

  test("secrets stay closed, whatever the editor makes of the file", () => {
    const box = editing(`stat -c %a "$f" >> "$f.seen"; rm "$f"; echo 'key: SENTINEL' > "$f"; chmod 644 "$f"; echo x > "$f~"`);
    mkdirSync(box.bobaHome);
    writeFileSync(box.path("secrets"), "old: x\n");
    chmodSync(box.path("secrets"), 0o644);
    const { stdout, stderr } = box.edit("secrets");
    expect(stdout + stderr).not.toContain("SENTINEL");
    expect(readFileSync(`${box.path("secrets")}.seen`, "utf8")).toBe("600\n");
    expect([modeOf(box.path("secrets")), modeOf(`${box.path("secrets")}~`)]).toEqual([0o600, 0o600]);
    expect(readFileSync(box.path("secrets"), "utf8")).toBe("key: SENTINEL\n");
  });

  test("what is wrong with secrets is told without them", () => {
    const box = editing(`echo 'key: "SENTINEL' > "$f"`);
    const { stdout, stderr } = box.edit("secrets", { expect: 2 });
    expect(stderr).toContain("secrets.yaml:2:1: not valid YAML");
    expect(stdout + stderr).not.toContain("SENTINEL");
  });

  test("the file behind a link is edited, and the link stays", () => {
    const box = editing(`echo 'profile: work' > "$f"`);
    mkdirSync(box.bobaHome);
    writeFileSync(join(box.dir, "team.yaml"), "# team\n");
    symlinkSync(join(box.dir, "team.yaml"), box.path("settings"));
    box.edit("settings");
    expect(readFileSync(join(box.dir, "team.yaml"), "utf8")).toBe("profile: work\n");
  });

  test("project: the file at the root of the repository one stands in", () => {
    const box = editing(`printf 'project:\\n  name: shop\\n' > "$f"`);
    const repo = box.repo();
    mkdirSync(join(repo, "deep", "er"), { recursive: true });
    box.edit("project", { cwd: join(repo, "deep", "er") });
    expect(box.args().at(-1)).toBe(join(repo, ".boba-project.yaml"));
    expect(readFileSync(join(repo, ".boba-project.yaml"), "utf8")).toBe("project:\n  name: shop\n");
    expect(box.edit("project", { expect: 2 }).stderr).toContain("this folder is in no repository [BOBA-CFG-18]");
  });

  test("no file of that name, no editor, an editor that fails or removes the file", () => {
    const box = editing("exit 3");
    expect(box.edit("usage", { expect: 2 }).stderr).toContain("use one of: profiles, routes, pricing, secrets, settings, project");
    expect(box.edit("settings", { expect: 1 }).stderr).toContain("ed.sh ended with status 3 [BOBA-CFG-17]");
    const started = (EDITOR: string, VISUAL = "") => box.boba(["edit", "settings"], { env: { EDITOR, VISUAL }, expect: null });
    expect(started("boba-no-such-editor -x").stderr).toContain("boba-no-such-editor cannot be started [BOBA-CFG-16]");
    expect(started("'open").stderr).toContain("$EDITOR names no program, or a quote in it is not closed [BOBA-CFG-16]");
    expect(started("boba-no-such-editor", "rm").stderr).toBe(`${box.path("settings")} is gone\n`);
  });

  test("no shell reads the editor's name", () => {
    const box = editing(":");
    const marker = join(box.dir, "marker");
    const run = box.boba(["edit", "settings"], { env: { EDITOR: `true; touch ${marker} $(touch ${marker})` }, expect: null });
    expect(run.stderr).toContain("true; cannot be started");
    expect(existsSync(marker)).toBe(false);
  });

  test("on a terminal it shows what is wrong and offers to edit again", () => {
    const box = editing(`if [ -e "$f.once" ]; then echo 'profile: work' > "$f"; else : > "$f.once"; echo 'profil: work' > "$f"; fi`);
    // util-linux's script gives it a terminal.
    const line = `'${process.execPath}' '${BOBA}' edit settings`;
    const run = spawnSync("script", ["-qec", line, "/dev/null"], { env: box.env, encoding: "utf8", input: "y\n" });
    expect(run.stdout).toContain("settings.yaml:1:1: profil: there is no such key; did you mean `profile`?");
    expect(run.stdout).toContain("edit again? [Y/n]");
    expect(run.stdout).toContain("saved and in order");
    expect(run.status).toBe(0);
    expect(box.args()).toHaveLength(6);
    const no = spawnSync("script", ["-qec", line, "/dev/null"], {
      env: { ...box.env, EDITOR: `sh -c 'echo "a: 1" > "$1"' x` },
      encoding: "utf8",
      input: "n\n",
    });
    expect(no.status).toBe(2);
    expect(no.stdout).toContain("[BOBA-CFG-4]");
    expect(readFileSync(box.path("settings"), "utf8")).toBe("a: 1\n");
  });
});
