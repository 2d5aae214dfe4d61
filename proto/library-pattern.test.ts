import test from 'ava';
import { isOfLibrary } from './library-pattern.js';

test('a pattern of a library has its file name in front of one colon', (t) => {
  for (const pattern of ['libc.so.6:malloc', '/lib/libc.so.6:str*', 'libjvm.so:JVM_GC', 'libstdc++.so.6:std::terminate']) {
    t.true(isOfLibrary(pattern), pattern);
  }
  for (const pattern of ['main.work', 'ns::T::f', 'app:handle', 'libc.so.6::malloc', 'a.so'])
    t.false(isOfLibrary(pattern), pattern);
});
