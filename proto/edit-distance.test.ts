import test from 'ava';
import { editDistance } from './edit-distance.js';

for (const [from, to, distance] of [
  ['work', 'work', 0],
  ['wrok', 'work', 1],
  ['owrk', 'work', 1],
  ['wokr', 'work', 1],
  ['wrk', 'work', 1],
  ['woork', 'work', 1],
  ['wark', 'work', 1],
  ['rowk', 'work', 2],
  ['', 'work', 4],
  ['work', '', 4],
  ['kitten', 'sitting', 3],
] as const) {
  test(`${from} is ${distance} from ${to}`, (t) => {
    t.is(editDistance(from, to), distance);
  });
}
