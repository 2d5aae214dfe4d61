// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// The programs of a session. Each is attached with uprobe_multi to many sites of one file; the site's cookie says which
// function and what kind of site it is. Needs Linux 6.6 (uprobe_multi); `session` needs 6.13.
//
//   count    an entry: adds one, nothing else
//   timed    an entry or a return: keeps the shadow stack
//   session  entry and return in one program, for processes in which nothing unwinds the stack
//   idle     nothing: to try which sites the kernel takes, and as the floor that costs are compared with

#include "call.h"

#define SLOT_OF(cookie) ((u32)((cookie) & 0xffff))
#define SITE_OF(cookie) ((u32)((cookie) >> CORAL_COOKIE_SITE_SHIFT) & 0xfffff)
#define FLAGS_OF(cookie) ((u32)((cookie) >> CORAL_COOKIE_FLAGS_SHIFT))

#define CARRY_FLAG 0x01
#define ZERO_FLAG 0x40
#define RETURN_ADDRESS_BYTES 8

extern bool bpf_session_is_return(void) __ksym __weak;

/* The stack check will take its branch to grow the stack, and the function starts again. */
INLINE bool is_no_call(const struct pt_regs *regs, u32 site_flags) {
  return (site_flags & CORAL_SITE_JBE) && (regs->eflags & (CARRY_FLAG | ZERO_FLAG));
}

INLINE void enter(struct pt_regs *regs, u32 slot, u32 site_flags, const struct coral_knobs *slot_knobs,
                  u32 max_frames) {
  struct owner owner = {};

  if (!find_owner(&owner, regs, regs->rsp, site_flags, slot_knobs))
    return count_untracked(slot, CORAL_LOSS_G_UNREADABLE);
  open_call(&owner, slot, max_frames);
}

INLINE void leave(struct pt_regs *regs, u64 sp, u32 slot, u32 site_flags, const struct coral_knobs *slot_knobs,
                  u64 now_ns) {
  struct owner owner = {};

  if (!find_owner(&owner, regs, sp, site_flags, slot_knobs))
    return count_loss(CORAL_LOSS_G_UNREADABLE);
  close_call(&owner, slot, slot_knobs, now_ns);
}

SEC("uprobe")
int count(struct pt_regs *regs) {
  u64 cookie = bpf_get_attach_cookie(regs);

  if (!is_no_call(regs, FLAGS_OF(cookie)))
    count_hit(SITE_OF(cookie));
  return 0;
}

SEC("uprobe")
int timed(struct pt_regs *regs) {
  u64 now_ns = bpf_ktime_get_boot_ns();
  u64 cookie = bpf_get_attach_cookie(regs);
  u32 slot = SLOT_OF(cookie), flags = FLAGS_OF(cookie);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (!slot_knobs || slot_knobs->state == CORAL_SLOT_OFF || is_no_call(regs, flags))
    return 0;
  if ((flags & CORAL_SITE_ENTRY) && slot_knobs->state == CORAL_SLOT_CLOSING)
    return 0;
  count_hit(SITE_OF(cookie));
  if (flags & CORAL_SITE_ENTRY)
    enter(regs, slot, flags, slot_knobs, MAX_FRAMES);
  if (flags & CORAL_SITE_RETURN)
    leave(regs, regs->rsp, slot, flags, slot_knobs, now_ns);
  return 0;
}

SEC("uprobe")
int session(struct pt_regs *regs) {
  u64 now_ns = bpf_ktime_get_boot_ns();
  u64 cookie = bpf_get_attach_cookie(regs);
  u32 slot = SLOT_OF(cookie), flags = FLAGS_OF(cookie);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (!slot_knobs)
    return 0;
  if (bpf_session_is_return()) {
    leave(regs, regs->rsp - RETURN_ADDRESS_BYTES, slot, flags, slot_knobs, now_ns);
    return 0;
  }
  if (slot_knobs->state != CORAL_SLOT_ON)
    return 1; /* asks for no return */
  count_hit(SITE_OF(cookie));
  enter(regs, slot, flags, slot_knobs, CORAL_SESSION_FRAMES);
  return 0;
}

SEC("uprobe")
int idle(struct pt_regs *regs) {
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
