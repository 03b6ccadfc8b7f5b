/** The door to WebAssembly: modules that import nothing, loaded at once. */
import { readFileSync } from "node:fs";

/** What a module exports: functions, its memory, numbers. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly [name: string]: unknown;
}

/** The part of the global `WebAssembly` that is used; @types/node does not have it. */
interface WebAssembly {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: WasmExports };
}

/** Null where the file is missing or damaged, or where Node.js or the processor cannot run it: whoever asks must manage without. */
export function loadWasm(file: string): WasmExports | null {
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssembly }).WebAssembly;
    return new Instance(new Module(readFileSync(file))).exports;
  } catch {
    // Without it all is read as well, only slower: nothing that a user should do about it.
    return null;
  }
}
