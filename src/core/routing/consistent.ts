/** Whether tests of one fact can come out as wanted together: tried on every value that could make a difference. */
import type { Leaf, Truth } from "./test-tree.ts";
import type { Value, Variable } from "./variables.ts";

export type Want = "true" | "false" | "notTrue" | "notFalse";

/** A test and how it has to come out. */
export interface Literal {
  leaf: Leaf;
  want: Want;
}

const ALLOWED: Readonly<Record<Want, readonly Truth[]>> = { true: [true], false: [false], notTrue: [false, null], notFalse: [true, null] };

/** `literals` are constants, or of one fact, or of one pair of variables. False only where they surely contradict each other. */
export function isConsistent(literals: readonly Literal[]): boolean {
  if (literals.every(({ want }) => ALLOWED[want].includes(null)) && literals.every(({ leaf }) => leaf.variables.length > 0)) return true;
  if (literals.some(({ leaf: { proof }, want }) => proof.kind === "constant" && !ALLOWED[want].includes(proof.value))) return false;
  const variable = literals.flatMap(({ leaf }) => leaf.variables)[0];
  if (variable === undefined) return true;
  return (
    candidatesOf(variable, literals).some((fact) => literals.every((literal) => admits(literal, fact))) || isAnyOther(variable, literals)
  );
}

function admits({ leaf: { proof }, want }: Literal, fact: Value): boolean {
  if (proof.kind === "constant") return true;
  return proof.holds === null || ALLOWED[want].includes(proof.holds(fact));
}

/** Of a string, list or pair that is none of the named values, opaque tests may say anything that is not contradictory in itself. */
function isAnyOther({ type, fact, values }: Variable, literals: readonly Literal[]): boolean {
  const isOpen = (type === "string" && fact !== "clock" && values === undefined) || type === "list";
  if (!isOpen && literals.every(({ leaf }) => leaf.variables.length === 1)) return false;
  const said = new Map<string, boolean>();
  return literals.every(({ leaf: { proof }, want }) => {
    const wanted = ALLOWED[want].includes(true);
    if (proof.kind === "fact") return proof.holds(NO_SUCH_VALUE) === wanted;
    if (proof.kind === "constant") return true;
    const truth = wanted !== proof.inverse;
    const before = said.get(proof.key) ?? truth;
    said.set(proof.key, truth);
    return before === truth;
  });
}

/** A string that no condition can name: they hold no control characters. */
const NO_SUCH_VALUE = "\u0000";

/** Minutes of the day at which hours and parts of the day begin. */
const WHOLE_HOURS = Array.from({ length: 24 }, (_, hour) => hour * 60);

function candidatesOf({ type, range, fact }: Variable, literals: readonly Literal[]): Value[] {
  if (literals.some(({ leaf }) => leaf.variables.length > 1)) return [];
  if (type === "boolean") return [true, false];
  const points = literals.flatMap(({ leaf: { proof } }) => (proof.kind === "fact" ? proof.points : []));
  if (fact === "clock") return [...WHOLE_HOURS, ...points];
  if (type !== "number") return points;
  const sorted = [...new Set(points as number[])].sort((a, b) => a - b);
  const near = sorted.flatMap((point, at) => [
    point - 1,
    point,
    point + 1,
    Math.floor(point),
    Math.ceil(point),
    (point + (sorted[at + 1] ?? point)) / 2,
  ]);
  const { least, most, whole } = range ?? { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, whole: false };
  // Where every point lies beyond an end of the range, that end stands for all of it.
  return [...near, least, most].filter(
    (value) => Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value)),
  );
}
