/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * What every file of the BPF object starts from: the kernel's interface, ours, and the two ways to add.
 */
#ifndef CORAL_PROGRAM_H
#define CORAL_PROGRAM_H

#include <asm/bpf_perf_event.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>

#include "coral.h"

#define INLINE static __always_inline

/* A function that the verifier checks once, by its arguments' types, and not again at every call: scalars, pointers to
 * plain structs, and the registers as bpf_user_pt_regs_t. */
#define CHECKED_ONCE __noinline

/* uprobe programs can be preempted, so even a CPU's own stripe is added to atomically. */
#define ATOMIC_ADD(target, amount) __sync_fetch_and_add((target), (amount))

/* Keeps the compiler from moving what uses `value` in front of the check above it, which the verifier would refuse. */
#define STAY_BEHIND(value) asm volatile("" : "+r"(value))

/* Stores in front of this come first: user space walks stacks while they change. */
#define WRITTEN() asm volatile("" ::: "memory")

#endif
