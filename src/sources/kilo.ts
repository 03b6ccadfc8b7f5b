/** Kilo's command line, made from opencode: the same tables in `kilo.db`. */
import { opencodeLike } from "./opencode.ts";
import type { Source } from "./source.ts";

export const kilo: Source = opencodeLike({ id: "kilo", name: "Kilo CLI", provider: "kilo", dataDirVariable: "KILO_DATA_DIR" });
