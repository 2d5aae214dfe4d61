import test from 'ava';
import { SHORTEST_CALL_NS, shortestCallNs } from './shortest-call.js';

const HIT_NS = 680;

test('what timed calls took, less what their probes may have added, is the least that a call takes', (t) => {
  t.is(shortestCallNs(1500, 3000, HIT_NS), 140);
});

test('a call that its probes may have made up says nothing, nor do few', (t) => {
  t.is(shortestCallNs(630, 1500, HIT_NS), SHORTEST_CALL_NS);
  t.is(shortestCallNs(2143, 20, HIT_NS), SHORTEST_CALL_NS);
});

test('a long call may have slept, and used next to nothing of a processor', (t) => {
  t.is(shortestCallNs(60e6, 1500, HIT_NS), 200);
});
