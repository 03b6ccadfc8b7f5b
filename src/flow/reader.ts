/** The program of the reading thread. */
import { join } from "node:path";
import { nearSide } from "../platform/thread.ts";
import { loadWasm } from "../platform/wasm.ts";
import { useClaudeScan } from "../sources/claude-code.ts";
import { ClaudeScan } from "../sources/claude-scan.ts";
import { SOURCES } from "../sources/index.ts";
import { serveReads } from "./serve-reads.ts";

// The build writes in here how it called the module.
const scan = loadWasm(join(import.meta.dirname, "scan.wasm"));
if (scan !== null) useClaudeScan(new ClaudeScan(scan));
serveReads(SOURCES, nearSide());
