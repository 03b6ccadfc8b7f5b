/** The program of the reading thread. */
import { nearSide } from "../platform/thread.ts";
import { SOURCES } from "../sources/index.ts";
import { serveReads } from "./serve-reads.ts";

serveReads(SOURCES, nearSide());
