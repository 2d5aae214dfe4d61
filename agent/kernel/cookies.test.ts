import test from 'ava';
import { cookieOf } from './cookies.js';

test('slot, site and flags lie side by side in a cookie', (t) => {
  const site = { slot: 0xffff, site: 0xfffff, offset: 0, role: 'entry', owner: 'g_r14', jbe: true } as const;
  t.is(cookieOf(site), 0xd_fffff_ffffn);
  t.is(cookieOf({ ...site, slot: 1, site: 2, role: 'entry_return', owner: 'thread', jbe: false }), 0x23_00002_0001n);
  t.is(cookieOf({ ...site, slot: 0, site: 0, role: 'return', owner: 'g_tls', jbe: false }), 0x12_00000_0000n);
  const taken = { ...site, slot: 0, site: 0, role: 'return', owner: 'thread', jbe: false, condition: 15 } as const;
  t.is(cookieOf({ ...taken, generation: 3 }), 0x3f822_00000_0000n);
});
