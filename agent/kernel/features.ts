/** What this host's kernel can do for us, each found by trying it: the rows of `coral doctor`. */

import { constants as os } from 'node:os';
import { filterCoversThreads } from './calibrate.js';
import type { DispensableAbility, KernelFeature } from './kernel.js';
import { errnoName, KernelError } from './kernel-error.js';
import type { NativeAddon } from './native-addon.js';

interface Trial {
  name: string;
  works: string;
  fix: string;
}

const GIVE_CAPABILITIES = 'run as root, or: setcap cap_bpf,cap_perfmon,cap_sys_ptrace+ep on the node executable';

/** In the order in which one needs the other. */
const TRIALS: readonly Trial[] = [
  { name: 'cap_bpf', works: 'may load BPF programs', fix: GIVE_CAPABILITIES },
  { name: 'cap_perfmon', works: 'may attach probes', fix: GIVE_CAPABILITIES },
  {
    name: 'cap_sys_ptrace',
    works: "may read other users' processes",
    fix: GIVE_CAPABILITIES,
  },
  { name: 'btf', works: 'the kernel describes its types', fix: 'a kernel built with CONFIG_DEBUG_INFO_BTF' },
  {
    name: 'bpf',
    works: 'loads BPF programs',
    fix: 'CONFIG_BPF_SYSCALL and CONFIG_KPROBES; kernel lockdown not in confidentiality mode',
  },
  {
    name: 'uprobe_multi',
    works: 'many probes a link',
    fix: 'Linux 6.6 or newer with CONFIG_UPROBES; without it a session has at most 64 probes',
  },
  { name: 'attach_cookie', works: 'a probe knows its site', fix: 'Linux 5.15 or newer' },
  { name: 'ring_buffer', works: 'hands over single calls', fix: 'Linux 5.8 or newer' },
  { name: 'mmapable_arrays', works: 'counts are read in place', fix: 'Linux 5.5 or newer' },
  { name: 'boot_clock', works: 'times calls through suspend', fix: 'Linux 5.8 or newer' },
  {
    name: 'uprobe_session',
    works: 'cheap returns where nothing unwinds',
    fix: 'Linux 6.13 or newer; without it returns cost more',
  },
];

function tried(addon: NativeAddon, { name, works, fix }: Trial): KernelFeature {
  const errno = addon.tryFeature(name);
  return errno === 0 ? { name, ok: true, detail: works, fix: '' } : failed(name, errno, fix);
}

/** Without the right to ask, nothing is known of the kernel itself. */
function failed(name: string, errno: number, fix: string): KernelFeature {
  return errno === os.errno.EPERM
    ? { name, ok: false, detail: 'not permitted', fix: GIVE_CAPABILITIES }
    : { name, ok: false, detail: errnoName(errno), fix };
}

function threadsCovered(addon: NativeAddon): KernelFeature {
  const name = 'process_filter';
  const fix = 'Linux 6.10 or newer: older ones see only the first thread of a process';
  try {
    return filterCoversThreads(addon)
      ? { name, ok: true, detail: 'a probe sees all threads of its process and no other process', fix: '' }
      : { name, ok: false, detail: 'a hit on another thread was not counted', fix };
  } catch (error) {
    if (error instanceof KernelError) return failed(name, error.errno, fix);
    throw error;
  }
}

const switchedOff = ({ name }: KernelFeature): KernelFeature => ({
  name,
  ok: false,
  detail: 'switched off',
  fix: 'CORAL_KERNEL_WITHOUT',
});

/** Tries each ability; some 40 ms, the last one attaches a probe to a function of our own. */
export function features(addon: NativeAddon, without: readonly DispensableAbility[] = []): KernelFeature[] {
  const found = [...TRIALS.map((trial) => tried(addon, trial)), threadsCovered(addon)];
  const off = without.map((ability): string => (ability === 'session' ? 'uprobe_session' : ability));
  return found.map((feature) => (off.includes(feature.name) ? switchedOff(feature) : feature));
}
