// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// The programs of a session. Each is attached with uprobe_multi to many sites of one file; the site's cookie says which
// function and what kind of site it is. Needs Linux 6.6 (uprobe_multi); `session` needs 6.13.
//
//   count    an entry: adds one, nothing else
//   timed    an entry or a return: keeps the shadow stack
//   session  entry and return in one program, for processes in which nothing unwinds the stack
//   park     where a goroutine begins and ends to wait, or recovers from a panic, and where a thread catches an exception
//   idle     nothing: to try which sites the kernel takes, and as the floor that costs are compared with
//   clocked  entry and return as `session`, but nothing beside the duration: the floor of what it costs
//   execed   no site: where a process begins another program

#include "call.h"
#include "condition.h"
#include "exec.h"
#include "generation.h"
#include "recovery.h"
#include "waiting.h"

#define SLOT_OF(cookie) ((u32)((cookie) & 0xffff))
#define SITE_OF(cookie) ((u32)((cookie) >> CORAL_COOKIE_SITE_SHIFT) & 0xfffff)
#define FLAGS_OF(cookie) ((u32)((cookie) >> CORAL_COOKIE_FLAGS_SHIFT) & 0xffff)

#define RETURN_ADDRESS_BYTES 8
#define ASK_NO_RETURN 1 /* of uprobe.session */

/* What the kernel keeps of a call for `session`, from entry to return: the place of its stack and its slot; not 0. */
#define OPENED_AT(place, slot) ((u64)(place) << 32 | 1 << 16 | (slot))
#define PLACE_OF(kept) ((u32)((kept) >> 32))

/* 8 bytes of the call, 0 when it begins. */
extern u64 *bpf_session_cookie(void) __ksym __weak;

/* The stack check will take its branch to grow the stack, and the function starts again. */
INLINE bool is_no_call(const struct pt_regs *regs, u32 site_flags) {
  return (site_flags & CORAL_SITE_JBE) && will_jump(CONDITION_JBE, regs->eflags);
}

INLINE bool ends_call(const struct pt_regs *regs, u32 site_flags) {
  return (site_flags & CORAL_SITE_RETURN) &&
         (!(site_flags & CORAL_SITE_IF) || will_jump(site_flags >> CORAL_SITE_CONDITION_SHIFT, regs->eflags));
}

INLINE void enter(struct pt_regs *regs, const struct opening *opening, u32 state, u32 site_flags) {
  struct owner owner = {};
  u32 found;

  if (state == CORAL_SLOT_UNTIMED)
    return count_untimed(opening->slot);
  found = find_owner(&owner, regs, site_flags, opening->slot_knobs);
  if (found != OWNED)
    return count_untracked(opening->slot, found);
  if (state == CORAL_SLOT_LINGERING)
    pass_by(&owner, opening->slot);
  else
    open_call(&owner, opening);
}

INLINE void leave(struct pt_regs *regs, const struct closing *closing, u32 site_flags) {
  struct owner owner = {};
  u32 found = find_owner(&owner, regs, site_flags, closing->slot_knobs);

  if (found == OWNED)
    close_call(&owner, closing);
  else
    count_loss(found);
}

/* The place of the call's stack; NO_PLACE: it is not followed. */
INLINE u32 enter_session(struct pt_regs *regs, const struct opening *opening, u32 state) {
  struct owner owner = {};

  if (state != CORAL_SLOT_ON) {
    count_untimed(opening->slot);
    return NO_PLACE;
  }
  own_by_thread(&owner, regs->rsp, opening->slot_knobs);
  return open_call(&owner, opening);
}

INLINE void leave_session(struct pt_regs *regs, u64 kept, u64 now_ns) {
  u32 slot = SLOT_OF(kept);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);
  struct closing closing = {regs, regs->rsp - RETURN_ADDRESS_BYTES, slot_knobs, now_ns, slot};

  if (slot_knobs)
    close_session_call(PLACE_OF(kept), &closing);
}

INLINE void wait(struct pt_regs *regs, u64 g, u32 site_flags, const struct coral_knobs *slot_knobs, u64 now_ns) {
  u64 owner_key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT | g;
  u32 place = find_place(owner_key);
  struct coral_stack *stack = stack_at(place);
  struct owner owner = {.key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT};
  u32 reason = site_flags & CORAL_SITE_SYSCALL ? CORAL_WAIT_SYSCALL : regs->rcx & 0xff;

  if (!stack || !stack->open)
    return;
  if (site_flags & CORAL_SITE_RESUME)
    end_wait(stack, place, owner_key, now_ns);
  else if (own_by_goroutine(&owner, g, regs->rsp, slot_knobs->goid_offset))
    begin_wait(stack, place, &owner, reason, now_ns);
  else
    count_loss(CORAL_LOSS_G_UNREADABLE);
}

SEC("uprobe")
int count(struct pt_regs *regs) {
  u64 cookie = bpf_get_attach_cookie(regs);
  u32 slot = SLOT_OF(cookie);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (slot_knobs && !is_no_call(regs, FLAGS_OF(cookie)) && is_ours(regs, cookie, slot_knobs))
    count_hit(SITE_OF(cookie));
  return 0;
}

SEC("uprobe")
int timed(struct pt_regs *regs) {
  u64 cookie = bpf_get_attach_cookie(regs);
  u32 slot = SLOT_OF(cookie), flags = FLAGS_OF(cookie), word, state;
  u64 now_ns = flags & CORAL_SITE_RETURN ? bpf_ktime_get_boot_ns() : 0;
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (!slot_knobs)
    return 0;
  word = *(volatile u32 *)&slot_knobs->state;
  state = STATE_OF(word);
  if (state == CORAL_SLOT_OFF || is_no_call(regs, flags) || !is_ours(regs, cookie, slot_knobs))
    return 0;
  if ((flags & CORAL_SITE_ENTRY) && state == CORAL_SLOT_CLOSING)
    return 0;
  count_hit(SITE_OF(cookie));
  if (flags & CORAL_SITE_ENTRY) {
    struct opening opening = {regs, slot_knobs, slot, EPOCH_OF(word), MAX_FRAMES};

    enter(regs, &opening, state, flags);
  }
  if (ends_call(regs, flags) && state != CORAL_SLOT_UNTIMED) {
    struct closing closing = {regs, regs->rsp, slot_knobs, now_ns, slot};

    leave(regs, &closing, flags);
  }
  return 0;
}

SEC("uprobe")
int session(struct pt_regs *regs) {
  u64 *kept = bpf_session_cookie();
  u32 slot, word, place;
  struct coral_knobs *slot_knobs;
  u64 cookie;

  if (*kept) {
    leave_session(regs, *kept, bpf_ktime_get_boot_ns());
    return 0;
  }
  cookie = bpf_get_attach_cookie(regs);
  slot = SLOT_OF(cookie);
  slot_knobs = bpf_map_lookup_elem(&knobs, &slot);
  if (!slot_knobs)
    return ASK_NO_RETURN;
  word = *(volatile u32 *)&slot_knobs->state;
  if (STATE_OF(word) == CORAL_SLOT_OFF || STATE_OF(word) == CORAL_SLOT_CLOSING || !is_ours(regs, cookie, slot_knobs))
    return ASK_NO_RETURN;
  count_hit(SITE_OF(cookie));
  struct opening opening = {regs, slot_knobs, slot, EPOCH_OF(word), CORAL_SESSION_FRAMES};
  place = enter_session(regs, &opening, STATE_OF(word));
  if (place == NO_PLACE)
    return ASK_NO_RETURN;
  *kept = OPENED_AT(place, slot);
  return 0;
}

SEC("uprobe")
int park(struct pt_regs *regs) {
  u64 now_ns = bpf_ktime_get_boot_ns();
  u64 cookie = bpf_get_attach_cookie(regs);
  u32 slot = SLOT_OF(cookie), flags = FLAGS_OF(cookie);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);
  u64 g;

  if (!slot_knobs || STATE_OF(slot_knobs->state) == CORAL_SLOT_OFF || is_no_call(regs, flags) ||
      !is_ours(regs, cookie, slot_knobs))
    return 0;
  count_hit(SITE_OF(cookie));
  if (flags & CORAL_SITE_THREAD)
    catch_exception(regs, slot_knobs);
  else if (!find_g(&g, regs, flags))
    count_loss(CORAL_LOSS_G_UNREADABLE);
  else if (flags & CORAL_SITE_RECOVER)
    recover(g, slot_knobs);
  else
    wait(regs, g, flags, slot_knobs, now_ns);
  return 0;
}

SEC("uprobe")
int idle(struct pt_regs *regs) {
  return 0;
}

SEC("uprobe")
int clocked(struct pt_regs *regs) {
  u64 *began = bpf_session_cookie();

  if (*began)
    count_duration(0, bpf_ktime_get_boot_ns() - *began);
  else
    *began = bpf_ktime_get_boot_ns();
  return 0;
}

SEC("raw_tp/sched_process_exec")
int execed(void *context) {
  forget_images(process_of(bpf_get_current_task_btf(), &config.pid_space));
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
