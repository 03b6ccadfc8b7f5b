import { describe, expect, it } from "vitest";
import { displayNames, matchRepos } from "../../src/core/repo-names.ts";

const repos = [
  { id: 1, name: "github.com/acme/api", commonDir: "/code/api/.git" },
  { id: 2, name: "github.com/acme/api", commonDir: "/home/api/.git" },
  { id: 3, name: "github.com/acme/web", commonDir: "/code/web.git" },
];

describe("repositories", () => {
  it("tells namesakes apart by folder", () => {
    expect([...displayNames(repos)]).toEqual([
      [1, "github.com/acme/api (/code/api)"],
      [2, "github.com/acme/api (/home/api)"],
      [3, "github.com/acme/web"],
    ]);
  });

  it("finds them by name, end of name or folder", () => {
    expect(matchRepos(repos, "web")).toEqual([3]);
    expect(matchRepos(repos, "acme/web")).toEqual([3]);
    expect(matchRepos(repos, "eb")).toEqual([]);
    expect(matchRepos(repos, "api")).toEqual([1, 2]);
    expect(matchRepos(repos, "/home/api/")).toEqual([2]);
    expect(matchRepos(repos, "/code/web.git")).toEqual([3]);
  });
});
