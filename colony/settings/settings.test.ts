import test from 'ava';
import { DEFAULT_SETTINGS, readSettings } from './settings.js';

test('an empty file gives the values of the RFD', (t) => {
  t.deepEqual(readSettings({}), DEFAULT_SETTINGS);
  t.like(DEFAULT_SETTINGS, { defaultDurationMs: 60_000, maxDurationMs: 600_000, eventsRetentionMs: 86_400_000 });
});

test('the keys of the RFD are read', (t) => {
  const debug = {
    enabled: false,
    sessions: { default_duration: '30s', max_duration: '2m', auto_cleanup_after: '24h' },
    storage: { events_retention: '12h', sessions_retention: '3d' },
    ai: { auto_attach_probes: true, max_probes_per_query: 5 },
  };
  t.like(readSettings({ colony: { debug } }), {
    enabled: false,
    defaultDurationMs: 30_000,
    maxDurationMs: 120_000,
    eventsRetentionMs: 12 * 3_600_000,
    sessionsRetentionMs: 3 * 86_400_000,
  });
});

test('an unknown key is refused with the one that was meant', (t) => {
  const error = t.throws(() => readSettings({ colony: { sessions: { max_duration: '5s' } } }));
  t.like(error, {
    code: 'USAGE',
    message: 'the configuration has an unknown key colony.sessions.max_duration',
    hint: 'did you mean colony.debug.sessions.max_duration?',
  });
});

test('a value that does not fit names its key', (t) => {
  const bad = (sessions: object) => t.throws(() => readSettings({ colony: { debug: { sessions } } }))?.message;
  t.is(bad({ max_duration: 60 }), 'colony.debug.sessions.max_duration is 60, a duration such as 60s, 24h or 7d was expected');
  t.is(bad({ max_duration: '20m' }), 'colony.debug.sessions.max_duration is "1200s", at most 600s was expected');
});
