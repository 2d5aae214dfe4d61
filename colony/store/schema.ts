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
  `CREATE TABLE IF NOT EXISTS debug_events (
    timestamp TIMESTAMPTZ NOT NULL, -- of the call's end
    session_id VARCHAR NOT NULL,
    agent_id VARCHAR NOT NULL,
    service_name VARCHAR NOT NULL,
    function_name VARCHAR NOT NULL,
    event_type VARCHAR NOT NULL,
    duration_ns BIGINT,
    pid INTEGER NOT NULL,
    tid INTEGER NOT NULL,
    labels MAP(VARCHAR, VARCHAR),
    timestamp_ns BIGINT NOT NULL,
    call_id UBIGINT NOT NULL,
    goroutine UBIGINT NOT NULL,
    flags UINTEGER NOT NULL
  )`,
  `CREATE OR REPLACE VIEW uprobe_events AS
    SELECT timestamp, session_id, agent_id, service_name, function_name, event_type, duration_ns, pid, tid, labels
    FROM debug_events`,
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
  `CREATE TABLE IF NOT EXISTS snapshots (
    session_id VARCHAR NOT NULL,
    json VARCHAR NOT NULL,
    has_values BOOLEAN NOT NULL -- holds captured arguments or results
  )`,
] as const;

/** Single calls on their way into debug_events: numbers only, names are joined in by the database. */
export const STAGING = [
  `CREATE TEMP TABLE staged_calls (
    name UINTEGER, at_ns BIGINT, duration_ns BIGINT, goroutine UBIGINT,
    thread UINTEGER, pid UINTEGER, call_id UBIGINT, flags UINTEGER, place UINTEGER
  )`,
  'CREATE TEMP TABLE staged_names (id UINTEGER, session_id VARCHAR, agent_id VARCHAR, service VARCHAR, name VARCHAR)',
  'CREATE TEMP TABLE staged_values (place UINTEGER, arguments VARCHAR, results VARCHAR)',
] as const;
