/** The system's keyring, through the program that the system has for it. Secrets go through its standard input, never its arguments. */
import { platform } from "node:os";
import { run, type RunResult } from "./exec.ts";

export interface Keyring {
  /** Null when it is not there, or the keyring does not answer. */
  find(name: string): Promise<string | null>;
  /** Whether it was stored. */
  save(name: string, secret: string): Promise<boolean>;
  remove(name: string): Promise<boolean>;
}

/** A locked keyring asks on the screen: nobody may be there to answer. */
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 64 * 1024;

/** The keyring of this system; without its program (`secret-tool`, `security`) nothing is found in it and nothing stored. */
export function openKeyring(env: NodeJS.ProcessEnv): Keyring {
  const call = (program: string, args: readonly string[], input = ""): Promise<RunResult> =>
    run(program, args, { env, input, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, ownGroup: true });
  return platform() === "darwin" ? appleKeychain(call) : secretService(call);
}

type Call = (program: string, args: readonly string[], input?: string) => Promise<RunResult>;

/** libsecret's `secret-tool`: GNOME Keyring, KWallet, KeePassXC. */
function secretService(call: Call): Keyring {
  const which = (name: string) => ["service", "boba", "name", name];
  return {
    find: async (name) => answer(await call("secret-tool", ["lookup", ...which(name)])),
    save: async (name, secret) => (await call("secret-tool", ["store", "--label", `boba: ${name}`, ...which(name)], secret)).code === 0,
    remove: async (name) => (await call("secret-tool", ["clear", ...which(name)])).code === 0,
  };
}

/** macOS: `security -i` takes whole commands on its standard input, and passwords in hexadecimal. */
function appleKeychain(call: Call): Keyring {
  const which = (name: string) => ["-a", "boba", "-s", `boba:${name}`];
  return {
    find: async (name) => answer(await call("security", ["find-generic-password", ...which(name), "-w"])),
    save: async (name, secret) => {
      const command = ["add-generic-password", "-U", ...which(name), "-X", Buffer.from(secret, "utf8").toString("hex")].join(" ");
      return (await call("security", ["-i"], `${command}\n`)).code === 0;
    },
    remove: async (name) => (await call("security", ["delete-generic-password", ...which(name)])).code === 0,
  };
}

function answer({ code, stdout }: RunResult): string | null {
  const found = stdout.toString("utf8").replace(/\r?\n$/, "");
  return code === 0 && found !== "" ? found : null;
}
