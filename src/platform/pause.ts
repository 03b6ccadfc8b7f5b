/** Holds this thread for so many milliseconds: for short waits where nothing else may run meanwhile. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
