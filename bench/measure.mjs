// Runs programs side by side and compares medians: what counts is the ratio within one run, on one machine.
import { spawnSync } from "node:child_process";

/** Runs one command and returns its wall and CPU time in milliseconds, its own children included (bash's `times`). */
export function time([program, ...args], { cwd, env, ok = true }) {
  const script = 's=$EPOCHREALTIME; "$@" >/dev/null 2>&1 </dev/null; r=$?; e=$EPOCHREALTIME; times; echo "$s $e $r"';
  const { stdout } = spawnSync("bash", ["-c", script, "bench", program, ...args], { cwd, env: { ...env, LC_ALL: "C" }, encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  const [start, end, status] = (lines.at(-1) ?? "").split(" ");
  if (ok && status !== "0") throw new Error(`${program} ${args.join(" ")} exited with ${status}`);
  const cpuMs = [...(lines.at(-2) ?? "").matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, min, sec]) => sum + (Number(min) * 60 + Number(sec)) * 1000,
    0,
  );
  return { wallMs: (Number(end) - Number(start)) * 1000, cpuMs };
}

/** Measures the sides in turn, `rounds` times, and returns the median of each. `prepare` runs before each, unmeasured. */
export function pair(rounds, sides) {
  const samples = sides.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [at, { prepare, command, options }] of sides.entries()) {
      prepare?.(round);
      const sample = time(command, options);
      if (round >= 0) samples[at].push(sample);
    }
  }
  return samples.map((list) => ({
    list,
    wallMs: median(list.map(({ wallMs }) => wallMs)),
    cpuMs: median(list.map(({ cpuMs }) => cpuMs)),
  }));
}

/** The median of the ratios round by round: a machine whose speed drifts slows both sides of a round alike. */
export function ratio(side, against, figure = "wallMs") {
  return median(side.list.map((sample, round) => sample[figure] / against.list[round][figure]));
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A row of the table: a measured number against its budget, both with the same unit (`x` for a ratio, `s`, `ms`, `MiB`). */
export const row = (what, measured, budget, unit = "x") => ({ what, measured, budget, unit });

export const skipped = (what, why) => ({ what, why });
