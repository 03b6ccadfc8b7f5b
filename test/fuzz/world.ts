/** Clones of one hub, their worktrees and agents, and a colleague without any: real git, every command kept for the report. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { respond } from "../helpers/agent.ts";
import { type Sandbox, sandboxIn } from "../helpers/sandbox.ts";
import { tick } from "../helpers/work.ts";
import { type Abilities, abilitiesOf } from "./abilities.ts";
import { Model } from "./model.ts";
import { type Random, random } from "./random.ts";

export type Hooks = "lazy" | "background" | "none";

export interface Tree {
  clone: Clone;
  id: string;
  path: string;
  sessions: string[];
  /** Commits that were thrown away by a reset: their content may come back, by a stash for instance. */
  thrownAway: string[];
}

export interface Clone {
  name: string;
  box: Sandbox;
  path: string;
  hooks: Hooks;
  email: string;
  trees: Tree[];
  model: Model;
}

export interface Head {
  sha: string;
  /** Null when detached. */
  branch: string | null;
  line: string;
}

export interface WorldOptions {
  clones: number;
  sharedHome: boolean;
  hooks: (clone: number) => Hooks;
  /** Rewrites that only the content of commits proves are demanded, not merely allowed. */
  strict: boolean;
}

export const COLLEAGUE = "colleague@example.com";
/** Commits for whoever it merges. */
export const SERVER = "server@example.com";
/** The hub's address: what tells boba that clones are of one repository. */
const HUB = "https://example.com/acme/hub.git";
const MAX_LOG = 4000;

export class World {
  readonly log: string[] = [];
  random: Random;
  readonly clones: Clone[] = [];
  readonly dir: string;
  readonly options: WorldOptions;
  readonly colleague: { box: Sandbox; path: string };
  /** What the git in use has that others lack. */
  readonly can: Abilities;
  /** Commands that counted, answers of agents and files written so far. */
  commands = 0;
  #count = 10;
  readonly #models: Model[] = [];

  constructor(dir: string, seed: number, options: WorldOptions) {
    this.dir = dir;
    this.random = random(seed);
    this.options = options;
    const other = sandboxIn(join(dir, "other"));
    this.can = abilitiesOf(other);
    other.git(other.dir, "init", "-q", "-b", "main", "seed");
    const start = join(other.dir, "seed");
    other.git(start, "config", "user.email", COLLEAGUE);
    for (let n = 0; n < 6; n++) other.write(start, `f${n}`, `start ${n}\n`);
    other.git(start, "add", "-A");
    other.git(start, "commit", "-q", "-m", "start");
    other.git(dir, "clone", "-q", "--bare", start, this.hub);
    other.git(dir, "clone", "-q", this.hub, join(dir, "colleague"));
    this.colleague = { box: other, path: join(dir, "colleague") };
    other.git(this.colleague.path, "config", "user.email", COLLEAGUE);
    const shared = options.sharedHome ? sandboxIn(join(dir, "home-all")) : null;
    for (let n = 0; n < options.clones; n++) this.#addClone(n, shared ?? sandboxIn(join(dir, `home-${n}`)));
  }

  #addClone(n: number, box: Sandbox): void {
    const name = `c${n}`;
    const path = join(this.dir, name);
    box.git(this.dir, "config", "--global", `url.${this.hub}.insteadOf`, HUB);
    box.git(this.dir, "clone", "-q", HUB, path);
    const email = `${name}@example.com`;
    box.git(path, "config", "user.email", email);
    box.write(path, ".git/info/exclude", "/trees/\n");
    if (this.random.chance(0.3)) box.git(path, "config", "rerere.enabled", "true");
    if (this.random.chance(0.3)) messageHook(box, path);
    const hooks = this.options.hooks(n);
    const clone: Clone = { name, box, path, hooks, email, trees: [], model: new Model(this.#models) };
    if (hooks !== "none") box.boba(["hooks", "install", "--mode", hooks], { cwd: path });
    this.note(`# ${name}: hooks ${hooks}${this.options.sharedHome ? ", shared home" : ""}`);
    this.clones.push(clone);
    this.addTree(clone, path);
  }

  addTree(clone: Clone, path: string): Tree {
    const id = path.slice(this.dir.length + 1);
    const name = id.replaceAll("/", "-");
    const sessions = [`${name}-s${this.next()}`, `${name}-s${this.next()}`].slice(0, 1 + this.random.int(2));
    const tree = { clone, id, path, sessions, thrownAway: [] };
    clone.trees.push(tree);
    return tree;
  }

  get hub(): string {
    return join(this.dir, "hub.git");
  }

  /** Starts the dice anew: what follows depends on this seed alone. */
  roll(seed: number): void {
    this.random = random(seed);
  }

  /** A number never used before in this world. */
  next(): number {
    return ++this.#count;
  }

  note(line: string): void {
    if (this.log.length < MAX_LOG) this.log.push(line);
  }

  /** Runs a git command that counts as the user's; true when it succeeded. */
  git(tree: Pick<Tree, "clone" | "path" | "id">, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ""): boolean {
    tick();
    const result = tree.clone.box.tryGit(tree.path, args, { env, input });
    if (result.status === 0) this.commands++;
    const extra = Object.entries(env).map(([key, value]) => `${key}=${JSON.stringify(value)} `);
    this.note(`(${tree.id}) ${extra.join("")}git ${args.map(quote).join(" ")}${result.status === 0 ? "" : `   # exit ${result.status}`}`);
    tick();
    return result.status === 0;
  }

  /** Asks git something that changes nothing; lines of the answer. */
  ask(tree: Pick<Tree, "clone" | "path">, ...args: string[]): string[] {
    const text = tree.clone.box.tryGit(tree.path, args).stdout.trimEnd();
    return text === "" ? [] : text.split("\n");
  }

  /** The same for paths, as `-z` gives them: names may hold anything. */
  askPaths(tree: Pick<Tree, "clone" | "path">, ...args: string[]): string[] {
    return tree.clone.box.tryGit(tree.path, args).stdout.split("\0").filter(Boolean);
  }

  /** Read from git's files, for speed: two processes less wherever a step looks. */
  head(tree: Tree): Head {
    const text = readFileSync(join(gitDirOf(tree), "HEAD"), "utf8").trim();
    const ref = /^ref: (.*)$/.exec(text)?.[1];
    const sha = ref === undefined ? text : tipOf(join(tree.clone.path, ".git"), ref);
    const branch = ref === undefined ? null : ref.replace(/^refs\/heads\//, "");
    return { sha, branch, line: branch ?? `@${sha}` };
  }

  write(tree: Tree, file: string, text: string): void {
    tree.clone.box.write(tree.path, file, text);
    this.commands++;
    this.note(`(${tree.id}) echo ${quote(text.trim())} > ${file}`);
  }

  /** The agent answers, after it has edited `files` (in `where`, else its own worktree). */
  talk(tree: Tree, line: string, files: readonly string[] = [], where: Tree = tree): void {
    this.commands++;
    const output = this.next();
    const session = this.random.pick(tree.sessions);
    for (const file of files) this.write(where, file, `agent ${output}\n`);
    tick();
    const edits = files.map((file) => join(where.path, file));
    respond(tree.clone.box, { cwd: tree.path, output, session, branch: line.startsWith("@") ? "HEAD" : line, edits });
    tick();
    const at = where === tree ? "" : ` of ${where.id}`;
    this.note(`(${tree.id}) talk ${output} session=${session}${files.length > 0 ? ` edits=${files.join(",")}${at}` : ""}`);
    // Edits in another worktree belong there, and so does the record.
    const place = where === tree ? line : this.head(where).line;
    tree.clone.model.talk({ output, session, tree: where.id, line: place, edits: files.map((path) => ({ tree: where.id, path })) });
    if (where !== tree) tree.clone.model.led(session);
  }

  folder(name: string): string {
    const path = join(this.dir, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}

/** A hook that rewrites every message, as teams have them. */
function messageHook(box: Sandbox, path: string): void {
  box.write(path, ".git/hooks/commit-msg", '#!/bin/sh\nprintf "\\nReviewed-by: nobody\\n" >>"$1"\n');
  chmodSync(join(path, ".git/hooks/commit-msg"), 0o755);
}

/** A worktree's own git directory. */
export function gitDirOf({ path }: Pick<Tree, "path">): string {
  const dot = join(path, ".git");
  return statSync(dot).isDirectory()
    ? dot
    : readFileSync(dot, "utf8")
        .replace(/^gitdir: /, "")
        .trim();
}

/** What MERGE_HEAD, CHERRY_PICK_HEAD or REBASE_HEAD say; null when there is none. */
export function pseudoRef(tree: Tree, name: string): string | null {
  const path = join(gitDirOf(tree), name);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
}

/** What a ref points to; empty when it is not born yet. */
function tipOf(commonDir: string, ref: string): string {
  if (existsSync(join(commonDir, ref))) return readFileSync(join(commonDir, ref), "utf8").trim();
  const packed = join(commonDir, "packed-refs");
  const rows = existsSync(packed) ? readFileSync(packed, "utf8").split("\n") : [];
  return rows.find((row) => row.endsWith(` ${ref}`))?.split(" ")[0] ?? "";
}

const quote = (word: string): string => (/^[\w@/.:=~^-]+$/.test(word) ? word : `'${word}'`);
