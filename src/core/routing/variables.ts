/** Every name a condition may use: the one table behind the checker, the options of `boba route test` and docs/routing.md. */
import { TIMES_OF_DAY, timeOfDay } from "./clock.ts";
import type { RouteContext } from "./context.ts";

export type VariableType = "string" | "number" | "boolean" | "list";
export type Value = string | number | boolean | readonly string[];

export interface Variable {
  name: string;
  type: VariableType;
  /** One line for the documentation. */
  doc: string;
  /** The option of `boba route test` that sets it; null: its argument. */
  option: string | null;
  /** What a request must be known to have for it to be known; names that share one are read off the same thing. */
  fact: string;
  /** The fact in a context; null when it is unknown. */
  read: (context: RouteContext) => Value | null;
  /** The variable's value, from its fact. */
  view: (fact: Value) => Value;
  /** Facts that are possible; absent: all of the type. */
  range?: { least: number; most: number; whole: boolean };
  /** Where only these values are possible. */
  values?: readonly string[];
  /** Its value is never printed. */
  hidden?: true;
}

type Row = Omit<Variable, "fact" | "view"> & Partial<Pick<Variable, "fact" | "view">>;

const COUNT = { least: 0, most: Number.POSITIVE_INFINITY, whole: true };
const DOLLARS = { least: 0, most: Number.POSITIVE_INFINITY, whole: false };
/** Minutes of the day, off which `hour` and `time_of_day` are read. */
const CLOCK = { least: 0, most: 1439, whole: true };

const ROWS: readonly Row[] = [
  {
    name: "text",
    type: "string",
    doc: "the last thing the user said (of more than 64 Ki characters, the first and the last 32 Ki)",
    option: null,
    read: ({ text }) => text,
    hidden: true,
  },
  {
    name: "ctx_chars",
    type: "number",
    doc: "characters of everything that is sent, earlier turns included",
    option: "--ctx-chars",
    read: ({ ctxChars }) => ctxChars,
    range: COUNT,
  },
  { name: "intent", type: "string", doc: "what the request is for, as the caller says", option: "--intent", read: ({ intent }) => intent },
  { name: "task", type: "string", doc: "the task at hand, as the caller says", option: "--task", read: ({ task }) => task, hidden: true },
  { name: "branch", type: "string", doc: "the git branch", option: "--branch", read: ({ branch }) => branch },
  { name: "project", type: "string", doc: "the project's name", option: "--project", read: ({ project }) => project },
  {
    name: "project_types",
    type: "list",
    doc: "the types that `.boba-project.yaml` gives",
    option: "--project-type",
    read: ({ projectTypes }) => projectTypes,
  },
  {
    name: "project_type",
    type: "string",
    doc: "the first of these types",
    option: "--project-type",
    read: ({ projectType }) => projectType,
  },
  {
    name: "repo",
    type: "string",
    doc: "the repository: `host/owner/name`, or its folder's name",
    option: "--repo",
    read: ({ repo }) => repo,
  },
  { name: "model", type: "string", doc: "the model that was asked for", option: "--model", read: ({ model }) => model },
  { name: "tool", type: "string", doc: "the program that asks", option: "--tool", read: ({ tool }) => tool },
  { name: "stream", type: "boolean", doc: "whether the answer is streamed", option: "--stream", read: ({ stream }) => stream },
  { name: "has_image", type: "boolean", doc: "whether an image is sent", option: "--has-image", read: ({ hasImage }) => hasImage },
  {
    name: "hour",
    type: "number",
    doc: "hour of the local time, 0 to 23",
    option: "--at",
    fact: "clock",
    read: ({ minuteOfDay }) => minuteOfDay,
    view: (minute) => Math.floor((minute as number) / 60),
    range: CLOCK,
  },
  {
    name: "time_of_day",
    type: "string",
    doc: "`morning` (6 to 12), `day` (12 to 18), `evening` (18 to 22) or `night` (22 to 6), local time",
    option: "--at",
    fact: "clock",
    read: ({ minuteOfDay }) => minuteOfDay,
    view: (minute) => timeOfDay(minute as number),
    range: CLOCK,
    values: TIMES_OF_DAY,
  },
  {
    name: "budget.remaining",
    type: "number",
    doc: "US dollars left, of the limit that has the least left",
    option: "--budget-remaining",
    read: ({ budget }) => budget?.remainingUsd ?? null,
  },
  {
    name: "budget.spent",
    type: "number",
    doc: "US dollars spent of that limit",
    option: "--budget-spent",
    read: ({ budget }) => budget?.spentUsd ?? null,
    range: DOLLARS,
  },
  {
    name: "budget.limit",
    type: "number",
    doc: "US dollars that it allows",
    option: "--budget-limit",
    read: ({ budget }) => budget?.limitUsd ?? null,
    range: DOLLARS,
  },
];

export const VARIABLES: ReadonlyMap<string, Variable> = new Map(
  ROWS.map((row) => [row.name, { fact: row.name, view: (fact: Value) => fact, ...row }]),
);

export const VARIABLE_NAMES: readonly string[] = [...VARIABLES.keys()];
