/** Names that every JavaScript object answers to. */
import { describe, expect, it } from "vitest";
import { fastTenths } from "../../src/core/fast-mode.ts";
import { listedNames, makerOf } from "../../src/core/model-names.ts";
import { normaliseRemote } from "../../src/core/remote.ts";
import { providerOf } from "../../src/core/providers.ts";
import { withoutSecret } from "../../src/core/share.ts";
import { knownTool } from "../../src/core/tool-env.ts";
import { wireFor } from "../../src/proxy/providers/index.ts";
import { respond } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";

describe.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("%s", (name) => {
  it("is a provider, a model and a program like any other", () => {
    expect(providerOf(name, "m", "x")).toBe(name.toLowerCase());
    expect(providerOf(null, name, "x")).toBe("x");
    expect(makerOf(name)).toBe(null);
    expect(fastTenths(name)).toBe(null);
    for (const one of listedNames(name, name, 0)) expect([one.provider, typeof one.name]).toEqual([name, "string"]);
    expect(knownTool(`/usr/bin/${name}`)).toBe(null);
    expect(wireFor(name, null)).toBe(null);
  });

  it("in a log stops nothing", () => {
    const box = sandbox();
    respond(box, { cwd: "/w", output: 1, model: name });
    respond(box, { cwd: "/w", output: 2 });
    expect(box.json(["import"])).toMatchObject({ new_records: 2, errors: [] });
    expect(box.json(["stats"])).toMatchObject({ total_requests: 2, unpriced_requests: 1 });
  });
});

it.each([
  ["https://user:p@ss@host.example/o/n.git", "https://host.example/o/n.git", "host.example/o/n"],
  ["ssh://user@domain@proxy.example/o/n", "ssh://proxy.example/o/n", "proxy.example/o/n"],
  ["https://host.example/o/n", "https://host.example/o/n", "host.example/o/n"],
  ["https://host.example/o@1/n", "https://host.example/o@1/n", "host.example/o@1/n"],
])("of %s no name or password is kept, whatever stands in them", (url, shown, name) => {
  expect(withoutSecret(url)).toBe(shown);
  expect(normaliseRemote(url)).toBe(name);
});
