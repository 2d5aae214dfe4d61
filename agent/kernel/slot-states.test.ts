import test from 'ava';
import type { ArmedSite } from './kernel.js';
import { COMING_SHIFT, SLOT_CLOSING, SLOT_EPOCH_SHIFT, SLOT_LINGERING, SLOT_OFF, SLOT_ON, SLOT_UNTIMED } from './limits.js';
import { SlotState } from './slot-states.js';

const site = (role: ArmedSite['role'], generation = 0): ArmedSite => ({
  slot: 0,
  site: 0,
  offset: 0,
  role,
  owner: 'g_r14',
  jbe: false,
  generation,
});

const stateOf = (slot: SlotState): number => slot.stateWord & 0xff;
const epochOf = (slot: SlotState): number => slot.stateWord >>> SLOT_EPOCH_SHIFT;
const generationsOf = (slot: SlotState): { current: number; coming: number } => ({
  current: slot.generationsWord & 0xff,
  coming: ((slot.generationsWord >>> COMING_SHIFT) & 0xff) - 1,
});

function arm(slot: SlotState, link: number, roles: ArmedSite['role'][], generation = 0): void {
  slot.beforeLink(generation);
  slot.afterLink(
    link,
    roles.map((role) => site(role, generation)),
    'timed',
  );
}

function disarm(slot: SlotState, ...links: number[]): number {
  slot.beforeUnlink(links);
  const between = stateOf(slot);
  slot.afterUnlink(links);
  return between;
}

test('a slot counts from the end of its link to the beginning of its unlink', (t) => {
  const slot = new SlotState();
  slot.beforeLink(0);
  t.is(stateOf(slot), SLOT_OFF);
  slot.afterLink(1, [site('entry'), site('return')], 'timed');
  t.is(stateOf(slot), SLOT_ON);
  t.is(disarm(slot, 1), SLOT_CLOSING);
  t.is(stateOf(slot), SLOT_OFF);
  t.is(epochOf(slot), 0);
});

test('a function that never returns is followed without a return site, unless it is only counted', (t) => {
  const followed = new SlotState();
  followed.beforeLink(0);
  followed.afterLink(1, [{ ...site('entry'), endless: true }], 'timed');
  t.is(stateOf(followed), SLOT_ON);
  const counted = new SlotState();
  counted.beforeLink(0);
  counted.afterLink(1, [{ ...site('entry'), endless: true }], 'count');
  t.is(stateOf(counted), SLOT_UNTIMED);
});

test('a window that ends follows its open calls no more, the end of a session does', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry']);
  arm(slot, 2, ['return']);
  slot.setTiming('untimed');
  const epoch = epochOf(slot);
  disarm(slot, 1, 2);
  t.is(stateOf(slot), SLOT_OFF);
  t.is(epochOf(slot), epoch + 1);
});

test('returns in a link of their own make the slot timed while they are on', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry']);
  t.is(stateOf(slot), SLOT_UNTIMED);
  arm(slot, 2, ['return']);
  t.is(stateOf(slot), SLOT_ON);
  slot.setTiming('untimed');
  t.is(stateOf(slot), SLOT_LINGERING);
  const epoch = epochOf(slot);
  t.is(disarm(slot, 2), SLOT_UNTIMED);
  t.is(epochOf(slot), epoch + 1);
});

test('calls that are open when a slot is armed again are of another epoch', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry', 'return']);
  disarm(slot, 1);
  arm(slot, 2, ['entry', 'return']);
  t.is(epochOf(slot), 1);
});

test('the next generation comes with its link, counts when it is told, and settles when the old link is off', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry', 'return']);
  arm(slot, 2, ['entry', 'return'], 1);
  t.deepEqual(generationsOf(slot), { current: 0, coming: 1 });
  slot.setGeneration(1);
  t.deepEqual(generationsOf(slot), { current: 1, coming: 1 });
  t.is(disarm(slot, 1), SLOT_ON);
  t.deepEqual(generationsOf(slot), { current: 1, coming: -1 });
  t.is(epochOf(slot), 0);
});

test('a next generation without returns is untimed from the moment that it counts', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry', 'return']);
  arm(slot, 2, ['entry'], 1);
  t.is(stateOf(slot), SLOT_ON);
  slot.setGeneration(1);
  t.is(stateOf(slot), SLOT_UNTIMED);
});

test('returns of uprobe.session go on while its timing is off, and end with the link that saw the entries', (t) => {
  const slot = new SlotState();
  const link = (id: number, generation: number) => {
    slot.beforeLink(generation);
    slot.afterLink(id, [site('entry', generation)], 'session');
  };
  link(1, 0);
  t.is(stateOf(slot), SLOT_ON);
  slot.setTiming('untimed');
  t.is(stateOf(slot), SLOT_LINGERING);
  t.is(epochOf(slot), 0);
  slot.setTiming('timed');
  link(2, 1);
  slot.setGeneration(1);
  t.is(stateOf(slot), SLOT_ON);
  t.is(epochOf(slot), 1);
  t.is(disarm(slot, 1), SLOT_ON);
  slot.setTiming('untimed');
  t.is(disarm(slot, 2), SLOT_CLOSING);
  t.is(epochOf(slot), 2);
});

test('a link that failed leaves the slot as it was', (t) => {
  const slot = new SlotState();
  arm(slot, 1, ['entry', 'return']);
  slot.beforeLink(1);
  slot.linkFailed();
  t.deepEqual(generationsOf(slot), { current: 0, coming: -1 });
  t.is(stateOf(slot), SLOT_ON);
});
