import { describe, expect, it } from "vitest";
import { compileTicketPattern, DEFAULT_TICKET_PATTERN } from "../../src/core/tickets.ts";

describe("tickets", () => {
  it.each([
    ["feat/PROJ-123-login", "PROJ-123"],
    ["A1B-7", "A1B-7"],
    ["fix/proj-1", null],
    ["main", null],
    ["X-1/ABC-2/DEF-3", "ABC-2"],
    [null, null],
  ])("default pattern in %s finds %s", (branch, ticket) => expect(compileTicketPattern(DEFAULT_TICKET_PATTERN)(branch)).toBe(ticket));

  it("takes the first group when there is one", () => {
    expect(compileTicketPattern("issue-(\\d+)")("fix/issue-42-x")).toBe("42");
  });

  it.each(["(", "a".repeat(201)])("refuses %s as configuration", (pattern) => {
    expect(() => compileTicketPattern(pattern)).toThrow(expect.objectContaining({ code: "BOBA-CFG-20", exit: 2 }));
  });
});
