import test from 'ava';
import { parse } from 'yaml';
import { parseDurationMs } from './duration.js';
import { DEFAULT_SETTINGS, readSettings } from './settings.js';

test("The RFD's file is read", (t) => {
  const settings = readSettings(
    parse(`
agent:
    debug:
        enabled: true
        sdk_api:
            listen_addr: "127.0.0.1:9092"
            timeout: 5s
        limits:
            max_concurrent_sessions: 2
            max_session_duration: 1m30s
            max_events_per_second: 5000
            max_memory_mb: 64
        require_dwarf: true
`),
  );
  t.like(settings, { enabled: true, requireDwarf: true, sdk: { listenAddress: '127.0.0.1:9092', timeoutMs: 5000 } });
  t.deepEqual(settings.limits, {
    maxConcurrentSessions: 2,
    maxSessionDurationMs: 90_000,
    maxEventsPerSecond: 5000,
    maxMemoryBytes: 64 * 1024 * 1024,
  });
});

test('An empty file gives the defaults', (t) => {
  t.deepEqual(readSettings(null), DEFAULT_SETTINGS);
});

test('An unknown key is an error that names the nearest', (t) => {
  const error = t.throws(() => readSettings({ agent: { limits: { max_memory_mb: 1 } } }));
  t.is(error.message, 'the configuration has an unknown key agent.limits.max_memory_mb');
  t.like(error, { code: 'USAGE', hint: 'did you mean agent.debug.limits.max_memory_mb?' });
});

test('A value of the wrong kind is named with what was expected', (t) => {
  const error = t.throws(() => readSettings({ agent: { debug: { limits: { max_memory_mb: 'many' } } } }));
  t.is(error.message, 'agent.debug.limits.max_memory_mb is "many", a whole number above 0 was expected');
});

test('Durations are read as Go writes them', (t) => {
  t.deepEqual(['500ms', '10s', '1m30s', '1.5s'].map(parseDurationMs), [500, 10_000, 90_000, 1500]);
  t.deepEqual(['', '10', 's', '10 s', '-5s'].map(parseDurationMs), [null, null, null, null, null]);
});
