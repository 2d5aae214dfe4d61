/** What a probed instruction carries into the kernel: slot, site and how its hits are treated. */

import type { ArmedSite, SiteRole, StackOwner, WaitRole } from './kernel.js';
import {
  COOKIE_FLAGS_SHIFT,
  COOKIE_GENERATION_SHIFT,
  COOKIE_SITE_SHIFT,
  SITE_CONDITION_SHIFT,
  SITE_ENTRY,
  SITE_G_AX,
  SITE_G_R14,
  SITE_G_TLS,
  SITE_IF,
  SITE_JBE,
  SITE_PARK,
  SITE_RECOVER,
  SITE_RESUME,
  SITE_RETURN,
  SITE_SYSCALL,
  SITE_THREAD,
} from './limits.js';

const ROLE_FLAGS: Record<SiteRole | WaitRole, number> = {
  entry: SITE_ENTRY,
  return: SITE_RETURN,
  entry_return: SITE_ENTRY | SITE_RETURN,
  park: SITE_PARK,
  syscall: SITE_SYSCALL,
  resume: SITE_RESUME,
  recover: SITE_RECOVER,
};
const OWNER_FLAGS: Record<StackOwner, number> = {
  g_r14: SITE_G_R14,
  g_ax: SITE_G_AX,
  g_tls: SITE_G_TLS,
  thread: SITE_THREAD,
};

/** The uprobe_multi cookie of a site. */
export function cookieOf(site: ArmedSite): bigint {
  const { slot, site: number, condition, generation = 0 } = site;
  const ifTaken = condition === undefined ? 0 : SITE_IF | (condition << SITE_CONDITION_SHIFT);
  const flags = ROLE_FLAGS[site.role] | OWNER_FLAGS[site.owner] | (site.jbe ? SITE_JBE : 0) | ifTaken;
  return (
    BigInt(slot) |
    (BigInt(number) << BigInt(COOKIE_SITE_SHIFT)) |
    (BigInt(flags) << BigInt(COOKIE_FLAGS_SHIFT)) |
    (BigInt(generation) << BigInt(COOKIE_GENERATION_SHIFT))
  );
}
