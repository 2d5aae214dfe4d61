/** A snapshot of `seconds` of a steady made-up load: every function is called 200 times a second, each of its own latency. */

import type { Latency, Snapshot, SnapshotFunction } from '../../snapshots/document.js';

const CALLS_PER_SECOND = 200;
const START_MS = Date.parse('2026-11-23T08:00:00Z');

export function fakeSnapshot(id: string, functions: readonly string[], seconds: number): Snapshot {
  const at = (s: number): string => new Date(START_MS + s * 1000).toISOString();
  return {
    type: 'snapshot',
    schema: 'coral.snapshot/1',
    session_id: id,
    service: 'checkout',
    pids: [4711],
    agent: 'host-a',
    build_ids: ['abc'],
    started_at: at(0),
    ended_at: at(seconds),
    duration_ns: seconds * 1e9,
    functions: functions.map((name, i) => functionOf(name, i, seconds)),
    refused: [{ function: 'main.hash', code: 'JUMPS_TO_ENTRY', reason: 'calls jump back to its first instruction' }],
    tree: functions.map((name, i) => node(name, i, seconds)),
    slow_calls: functions.flatMap((name, i) => (seconds > 0 ? [slowCall(name, i, at(seconds / 2))] : [])),
    open_calls: functions
      .slice(0, 1)
      .map((name) => ({ function: name, goroutine: 2001, pid: 4711, age_ns: 61e6, waiting: 'network' as const })),
    losses: {},
    overhead: {
      hits: seconds * CALLS_PER_SECOND * 2,
      cost_ns: seconds * 2e6,
      percent_of_one_cpu: 0.2,
      percent_of_target: 0.1,
      emulated_hit_ns: 550,
      stepped_hit_ns: 10400,
      budget_percent: 5,
      steps: [],
    },
    timeline: Array.from({ length: Math.floor(seconds) }, (_, s) => ({
      at: at(s + 1),
      functions: functions.map((name, i) => ({
        name,
        calls: CALLS_PER_SECOND,
        ...percentiles(middleNs(i) * (1 + 0.5 * Math.sin(s / 6))),
      })),
    })),
  };
}

const middleNs = (i: number): number => 18e6 / 3 ** i;

const percentiles = (middle: number): { p50_ns: number; p95_ns: number; p99_ns: number; max_ns: number } => ({
  p50_ns: Math.round(middle),
  p95_ns: Math.round(middle * 3.4),
  p99_ns: Math.round(middle * 5.7),
  max_ns: Math.round(middle * 11.7),
});

function functionOf(name: string, i: number, seconds: number): SnapshotFunction {
  const calls = Math.round(seconds * CALLS_PER_SECOND);
  const open = calls > 0 ? 1 : 0;
  return {
    name,
    file: '/src/checkout/server.go',
    line: 88 + i,
    language: 'go',
    inlined_copies: 0,
    calls,
    returns: calls - open,
    in_flight: open,
    unwound: 0,
    untracked: 0,
    joined_mid_call: 0,
    ...(calls > open ? { latency: latency(middleNs(i), calls - open) } : {}),
    sites: [],
    waiting: [{ reason: 'network', count: calls, total_ns: Math.round(calls * middleNs(i) * 0.8) }],
  };
}

function latency(middle: number, count: number): Latency {
  const histogram = Array.from({ length: 24 }, (_, i): [number, number, number] => {
    const lower = Math.round((middle / 4) * 2 ** (i / 4));
    return [lower, Math.round((middle / 4) * 2 ** ((i + 1) / 4)), Math.round(count * 0.15 * Math.exp(-((i - 8) ** 2) / 14))];
  }).filter(([, , n]) => n > 0);
  const values = percentiles(middle);
  return {
    count,
    sum_ns: count * middle,
    min_ns: Math.round(middle / 4),
    mean_ns: middle,
    p90_ns: middle * 2.5,
    p999_ns: middle * 9,
    ...values,
    relative_error: 0.0157,
    estimated: false,
    histogram,
  };
}

function node(name: string, i: number, seconds: number): Snapshot['tree'][number] {
  const calls = Math.round(seconds * CALLS_PER_SECOND);
  const total = Math.round(calls * middleNs(i));
  return {
    id: i + 1,
    parent: i === 0 ? null : 1 + Math.floor((i - 1) / 2),
    function: name,
    calls,
    total_ns: total,
    self_ns: Math.round(total / 3),
    open: 0,
  };
}

const slowCall = (name: string, i: number, at: string): Snapshot['slow_calls'][number] => ({
  call_id: `${i}`,
  function: name,
  at,
  duration_ns: Math.round(middleNs(i) * 11.7),
  goroutine: 1883 + i,
  thread: 4712,
  pid: 4711,
  arguments: [{ name: 'userID', type: 'string', value: 'u_12345' }],
});
