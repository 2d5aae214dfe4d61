/**
 * The tables of the history. `debug_sessions` and the view `uprobe_events` are the RFD's; our columns come after theirs.
 * The RFD's primary key of events (timestamp, session_id, pid, tid) is left out: two calls of one thread can end within
 * one microsecond, and both are kept. Its descending index is left out too: DuckDB's indexes have no order.
 */

export const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS debug_sessions (
    session_id VARCHAR PRIMARY KEY,
    service_name VARCHAR NOT NULL,
    function_name VARCHAR NOT NULL,
    agent_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    detached_at TIMESTAMPTZ,
    status VARCHAR NOT NULL,
    event_count BIGINT DEFAULT 0,
    requested_by VARCHAR NOT NULL,
    functions VARCHAR NOT NULL, -- JSON array of names
    pids VARCHAR NOT NULL,      -- JSON array of numbers
    started_ns BIGINT NOT NULL,
    expires_ns BIGINT NOT NULL,
    detached_ns BIGINT
  )`,
  `CREATE TABLE IF NOT EXISTS calls ( -- single ones
    name UINTEGER NOT NULL, -- id in call_names
    at_ns BIGINT NOT NULL,  -- of the call's start
    duration_ns BIGINT NOT NULL,
    goroutine UBIGINT NOT NULL,
    thread UINTEGER NOT NULL,
    pid UINTEGER NOT NULL,
    call_id UBIGINT NOT NULL,
    flags UINTEGER NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS call_names (
    id UINTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    agent_id VARCHAR NOT NULL,
    service_name VARCHAR NOT NULL,
    function_name VARCHAR NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS call_values ( -- of the call with this name, call_id and at_ns; JSON arrays
    name UINTEGER NOT NULL,
    call_id UBIGINT NOT NULL,
    at_ns BIGINT NOT NULL,
    arguments VARCHAR NOT NULL,
    results VARCHAR NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS ticks (
    ts TIMESTAMPTZ NOT NULL,
    ts_ns BIGINT NOT NULL,
    session_id VARCHAR NOT NULL,
    agent_id VARCHAR NOT NULL,
    service_name VARCHAR NOT NULL,
    function_name VARCHAR NOT NULL,
    calls BIGINT NOT NULL, -- this and the rest: since the session's start
    returns BIGINT NOT NULL,
    in_flight BIGINT NOT NULL,
    unwound BIGINT NOT NULL,
    untracked BIGINT NOT NULL,
    sum_ns UBIGINT NOT NULL,
    min_ns BIGINT, -- NULL: no return yet
    max_ns BIGINT NOT NULL,
    histogram BLOB NOT NULL -- as FunctionColumns.histograms of live.proto
  )`,
  `CREATE TABLE IF NOT EXISTS snapshot_parts ( -- of the documents of ended sessions, from 0
    session_id VARCHAR NOT NULL,
    part UINTEGER NOT NULL,
    has_values BOOLEAN NOT NULL, -- the document holds captured arguments or results
    json VARCHAR NOT NULL
  )`,
] as const;

/** What reads like the tables of the RFD, and documents as wholes. */
export const VIEWS = [
  `CREATE OR REPLACE VIEW debug_events AS
    SELECT make_timestamptz((c.at_ns + c.duration_ns) // 1000) AS timestamp, -- of the call's end
      n.session_id, n.agent_id, n.service_name, n.function_name, 'exit' AS event_type, c.duration_ns,
      c.pid::INTEGER AS pid, c.thread::INTEGER AS tid,
      CASE WHEN v.name IS NULL THEN NULL ELSE MAP {'arguments': v.arguments, 'results': v.results} END AS labels,
      c.at_ns + c.duration_ns AS timestamp_ns, c.call_id, c.goroutine, c.flags
    FROM calls c JOIN call_names n ON n.id = c.name
      LEFT JOIN call_values v ON v.name = c.name AND v.call_id = c.call_id AND v.at_ns = c.at_ns`,
  `CREATE OR REPLACE VIEW uprobe_events AS
    SELECT timestamp, session_id, agent_id, service_name, function_name, event_type, duration_ns, pid, tid, labels
    FROM debug_events`,
  `CREATE OR REPLACE VIEW snapshots AS
    SELECT session_id, string_agg(json, '' ORDER BY part) AS json, any_value(has_values) AS has_values
    FROM snapshot_parts GROUP BY session_id`,
] as const;
