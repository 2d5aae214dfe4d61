import test from 'ava';
import { Debt } from './debt.js';

test('what is cost beyond the budget is a debt, and time pays it', (t) => {
  const debt = new Debt(0);
  debt.charge(1e9, 30e6, 0.01);
  t.is(debt.ns, 20e6);
  debt.charge(2e9, 30e6, 0.01);
  t.is(debt.ns, 10e6);
});

test('a budget that is not used is not saved', (t) => {
  const debt = new Debt(0);
  debt.charge(100e9, 0, 0.01);
  debt.charge(101e9, 30e6, 0.01);
  t.is(debt.ns, 20e6);
});

test('of a debt that could not be paid in five seconds the rest is forgiven', (t) => {
  const debt = new Debt(0);
  debt.charge(1e9, 10e9, 0.01);
  t.is(debt.ns, 50e6);
});

test('an unlimited budget makes no debt', (t) => {
  const debt = new Debt(0);
  debt.charge(0, 5e9, Number.POSITIVE_INFINITY);
  debt.charge(1e9, 9e9, Number.POSITIVE_INFINITY);
  t.is(debt.ns, 0);
});
