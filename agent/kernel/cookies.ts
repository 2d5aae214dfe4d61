/** What a probed instruction carries into the kernel: slot, site and how its hits are treated. */

import type { ArmedSite, SiteRole, StackOwner } from './kernel.js';
import {
  COOKIE_FLAGS_SHIFT,
  COOKIE_SITE_SHIFT,
  SITE_ENTRY,
  SITE_G_R14,
  SITE_G_TLS,
  SITE_JBE,
  SITE_RETURN,
  SITE_THREAD,
} from './limits.js';

const ROLE_FLAGS: Record<SiteRole, number> = { entry: SITE_ENTRY, return: SITE_RETURN, entry_return: SITE_ENTRY | SITE_RETURN };
const OWNER_FLAGS: Record<StackOwner, number> = { g_r14: SITE_G_R14, g_tls: SITE_G_TLS, thread: SITE_THREAD };

/** The uprobe_multi cookie of a site. */
export function cookieOf(site: ArmedSite): bigint {
  const flags = ROLE_FLAGS[site.role] | OWNER_FLAGS[site.owner] | (site.jbe ? SITE_JBE : 0);
  return BigInt(site.slot) | (BigInt(site.site) << BigInt(COOKIE_SITE_SHIFT)) | (BigInt(flags) << BigInt(COOKIE_FLAGS_SHIFT));
}
