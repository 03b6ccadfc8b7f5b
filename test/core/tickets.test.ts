import { describe, expect, it } from "vitest";
import { compileTicketPattern } from "../../src/core/ticket-pattern.ts";
import { DEFAULT_TICKET_PATTERN, usualTicket } from "../../src/core/tickets.ts";

describe("tickets", () => {
  it.each([
    ["feat/PROJ-123-login", "PROJ-123"],
    ["A1B-7", "A1B-7"],
    ["fix/proj-1", null],
    ["main", null],
    ["X-1/ABC-2/DEF-3", "ABC-2"],
    [null, null],
  ])("default pattern in %s finds %s", (branch, ticket) => {
    expect(usualTicket(branch)).toBe(ticket);
    expect(compileTicketPattern(DEFAULT_TICKET_PATTERN)(branch)).toBe(ticket);
  });

  it("takes the first group when there is one", () => {
    expect(compileTicketPattern("issue-(\\d+)")("fix/issue-42-x")).toBe("42");
    expect(compileTicketPattern("fix/(?:gh-(\\d+)|\\w+)")("fix/login")).toBe("fix/login");
  });

  it("understands what JavaScript's own patterns do", () => {
    expect(compileTicketPattern("(?<key>[A-Z]+-\\d+)")("x/AB-12")).toBe("AB-12");
    expect(compileTicketPattern("\\u00e9(\\d+)")("\u00e97")).toBe("7");
  });

  // Where an engine that goes back tries every way to split the letters, this test would not end.
  it("never runs away", () => expect(compileTicketPattern("(a+)+$")(`${"a".repeat(254)}!`)).toBeNull());

  it.each(["(?=A)A-1", "(?<!A)B-1", "(A)-\\1"])("says that %s is not supported", (pattern) =>
    expect(() => compileTicketPattern(pattern)).toThrow(
      expect.objectContaining({ code: "BOBA-CFG-20", message: expect.stringMatching(/ahead or behind.*not supported/) }),
    ),
  );

  it.each(["(", "a".repeat(201)])("refuses %s as configuration", (pattern) => {
    expect(() => compileTicketPattern(pattern)).toThrow(expect.objectContaining({ code: "BOBA-CFG-20", exit: 2 }));
  });
});
