/** Records of Claude Code's logs without JSON.parse, many times as fast. What it does not know for sure is left to `claude-line.ts`, which decides what a record is. */
import type { SourceRecord } from "../core/record.ts";
import type { WasmExports } from "../platform/wasm.ts";
import { EDITING_TOOLS, MAX_FILES, MAX_ID, MAX_PATH, NO_FILES, type PathSession, SYNTHETIC, WORD } from "./claude-line.ts";
import { LineScan } from "./line-scan.ts";
import { CHUNK_BYTES } from "./lines.ts";
import type { ScanPlan } from "./scan-plan.ts";

/** Places in the words of `type`. */
const ASSISTANT = 0;
const PROGRESS = 1;

type Wants = ReturnType<typeof wantedOf>;

export class ClaudeScan {
  readonly lines: LineScan;
  readonly #wants: Wants;

  constructor(exports: WasmExports) {
    this.lines = new LineScan(exports, CHUNK_BYTES);
    this.#wants = wantedOf(this.lines.plan);
    this.lines.lookFor(WORD, this.#wants.root);
  }

  /** The record of the line that `lines` is at; null when it holds none; undefined when only `claudeRecord` can tell. */
  record(session: PathSession): SourceRecord | null | undefined {
    const { lines } = this;
    const want = this.#wants;
    const type = lines.word(want.type);
    const told = type === PROGRESS && lines.has(want.data);
    if (!told && type !== ASSISTANT) return null;
    if (told && (lines.word(want.dataType) !== 0 || !lines.has(want.inner))) return null;
    // Both have their values in the same slots.
    if (lines.has(want.message) && lines.has(want.innerMessage)) return undefined;
    if (!lines.has(told ? want.innerMessage : want.message) || !lines.has(want.usage)) return null;
    const model = lines.text(want.model);
    if (model === SYNTHETIC) return null;
    const requestId = lines.text(told ? want.innerRequestId : want.requestId);
    const key = lines.text(want.id) ?? requestId ?? lines.text(told ? want.innerUuid : want.uuid);
    const atMs = (told ? lines.time(want.innerTimestamp) : null) ?? lines.time(want.timestamp);
    // A line that should have held a record: `claudeRecord` says what is wrong with it.
    if (model === null || key === null || atMs === null) return undefined;
    const write5m = lines.count(want.write5m);
    const write1h = lines.count(want.write1h);
    const replay = lines.has(want.isSidechain) || (told && lines.has(want.innerIsSidechain));
    return {
      key,
      variant: replay ? null : (requestId ?? ""),
      tool: "claude-code",
      provider: "anthropic",
      model,
      sessionId: session.certain ? session.id : (lines.text(want.sessionId) ?? session.id),
      atMs,
      counters: {
        input: lines.count(want.input),
        output: lines.count(want.output),
        reasoning: 0,
        cacheRead: lines.count(want.cacheRead),
        cacheWrite5m: write5m + Math.max(0, lines.count(want.write) - write5m - write1h),
        cacheWrite1h: write1h,
        webSearches: lines.count(want.webSearches),
      },
      fast: lines.word(want.speed) === 0,
      cwd: lines.text(want.cwd),
      loggedBranch: lines.text(want.gitBranch),
      loggedCommit: null,
      reportedNanoUsd: null,
      approximate: false,
      files: this.#files(),
    };
  }

  #files(): readonly string[] {
    const { lines } = this;
    const want = this.#wants;
    let files: Set<string> | null = null;
    for (let row = 0; row < lines.rows; row++) {
      if (lines.word(want.blockType, row) !== 0 || lines.word(want.blockName, row) < 0) continue;
      const path = lines.rowText(want.filePath, row) ?? lines.rowText(want.notebookPath, row);
      if (path !== null && (files ??= new Set()).size < MAX_FILES) files.add(path);
    }
    return files === null ? NO_FILES : [...files];
  }
}

/** The same names as in `toRecord` of `claude-line.ts`. */
function wantedOf(plan: ScanPlan) {
  const filePath = plan.row.text(MAX_PATH);
  const notebookPath = plan.row.text(MAX_PATH);
  const blockType = plan.row.word("tool_use");
  const blockName = plan.row.word(...EDITING_TOOLS);
  const input = plan.row.object(plan.node({ file_path: filePath, notebook_path: notebookPath }));
  const content = plan.list(plan.node({ type: blockType, name: blockName, input }));

  const counts = {
    write5m: plan.count(),
    write1h: plan.count(),
    write: plan.count(),
    input: plan.count(),
    output: plan.count(),
    cacheRead: plan.count(),
    webSearches: plan.count(),
  };
  const split = plan.node({ ephemeral_5m_input_tokens: counts.write5m, ephemeral_1h_input_tokens: counts.write1h });
  const speed = plan.word("fast");
  const usage = plan.object(
    plan.node({
      input_tokens: counts.input,
      output_tokens: counts.output,
      cache_creation_input_tokens: counts.write,
      cache_read_input_tokens: counts.cacheRead,
      cache_creation: plan.object(split),
      server_tool_use: plan.object(plan.node({ web_search_requests: counts.webSearches })),
      speed,
    }),
  );

  const id = plan.text(MAX_ID);
  const model = plan.text(MAX_ID);
  const node = plan.node({ id, model, usage, content });
  const inner = {
    message: plan.object(node),
    requestId: plan.text(MAX_ID),
    uuid: plan.text(MAX_ID),
    timestamp: plan.time(),
    isSidechain: plan.flag(),
  };
  const dataType = plan.word("agent_progress");
  const told = plan.object(plan.node(inner));
  const outer = {
    type: plan.word("assistant", "progress"),
    data: plan.object(plan.node({ type: dataType, message: told })),
    message: plan.object(node),
    requestId: plan.text(MAX_ID),
    uuid: plan.text(MAX_ID),
    timestamp: plan.time(),
    isSidechain: plan.flag(),
    sessionId: plan.text(MAX_ID),
    cwd: plan.text(MAX_PATH),
    gitBranch: plan.text(MAX_PATH),
  };
  return {
    root: plan.node(outer),
    ...outer,
    ...counts,
    dataType,
    inner: told,
    innerMessage: inner.message,
    innerRequestId: inner.requestId,
    innerUuid: inner.uuid,
    innerTimestamp: inner.timestamp,
    innerIsSidechain: inner.isSidechain,
    id,
    model,
    usage,
    speed,
    blockType,
    blockName,
    filePath,
    notebookPath,
  };
}
