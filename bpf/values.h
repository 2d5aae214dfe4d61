/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Copies arguments and results: runs a moment's operations (capture.h) on the registers and memory of a hit.
 */
#ifndef CORAL_VALUES_H
#define CORAL_VALUES_H

#include "capture-places.h"

#define REGISTERS 16
#define LAST_OUT (2 * CORAL_CAPTURE_BYTES - 1)

static const char zeros[CORAL_CAPTURE_READ_MAX];

struct copying {
  const struct coral_op *ops;
  struct coral_captured *captured;
  u64 failed;
  u64 registers[REGISTERS];
  u32 start; /* of the moment's buffer */
};

INLINE void copy_registers(u64 *to, const struct pt_regs *regs) {
  u64 all[REGISTERS] = {regs->rax, regs->rbx, regs->rcx, regs->rdx, regs->rsi, regs->rdi, regs->r8,  regs->r9,
                        regs->r10, regs->r11, regs->r12, regs->r13, regs->r14, regs->r15, regs->rbp, regs->rsp};

  __builtin_memcpy(to, all, sizeof(all));
}

/* 8 bytes of a buffer that begins at `start`: the moment's, or 0, the entry's. */
INLINE u64 word_at(const struct copying *copying, u32 start, u32 position) {
  u64 word;

  __builtin_memcpy(&word, &copying->captured->bytes[(start + position) & LAST_OUT], sizeof(word));
  return word;
}

INLINE u32 length_of(const struct coral_op *op, const struct copying *copying) {
  u64 length = op->length, counted;

  if (op->kind == CORAL_OP_COUNTED) {
    counted = word_at(copying, copying->start, op->count);
    if (counted < length && counted * op->unit < length)
      length = counted * op->unit;
  }
  return length;
}

/* A value that comes from no memory of the process. */
INLINE u64 value_of(const struct coral_op *op, const struct copying *copying) {
  if (op->kind == CORAL_OP_REGISTER)
    return copying->registers[op->reg & (REGISTERS - 1)];
  if (op->kind == CORAL_OP_KEPT)
    return word_at(copying, 0, op->base);
  return (word_at(copying, copying->start, op->count) - word_at(copying, copying->start, op->base)) / op->unit;
}

INLINE bool is_from_memory(const struct coral_op *op) {
  return op->kind != CORAL_OP_REGISTER && op->kind != CORAL_OP_KEPT && op->kind != CORAL_OP_DISTANCE;
}

/* Whether the bytes are there. Nothing is copied through a null pointer: it has no bytes, and they read as zero. */
INLINE bool copy_memory(void *out, const struct coral_op *op, u32 length, u64 address) {
  if (op->kind != CORAL_OP_STACK && !address)
    return !bpf_probe_read_kernel(out, length, zeros);
  address += (s32)op->offset;
  if (op->kind == CORAL_OP_CSTRING)
    return length && bpf_probe_read_user_str(out, length, (void *)address) >= 0;
  return !bpf_probe_read_user(out, length, (void *)address);
}

static long copy_one(u32 index, void *data) {
  struct copying *copying = data;
  const struct coral_op *op = &copying->ops[index & (CORAL_CAPTURE_OPS_ROOM - 1)];
  void *out = &copying->captured->bytes[(copying->start + op->out) & LAST_OUT];
  u32 length = length_of(op, copying);
  u64 value;
  bool copied;

  if (length > CORAL_CAPTURE_READ_MAX)
    length = CORAL_CAPTURE_READ_MAX;
  if (is_from_memory(op)) {
    value = op->kind == CORAL_OP_STACK ? copying->registers[REGISTERS - 1] : word_at(copying, copying->start, op->base);
    copied = copy_memory(out, op, length, value);
  } else {
    value = value_of(op, copying);
    copied = !bpf_probe_read_kernel(out, length & 15, &value);
  }
  if (!copied)
    copying->failed |= 1ULL << (index & 63);
  return 0;
}

/* Copies the slot's arguments to a place, or its results behind them. */
CHECKED_ONCE int copy_values(bpf_user_pt_regs_t *regs, u32 slot, u32 number, u32 moment) {
  const struct coral_capture *capture = bpf_map_lookup_elem(&captures, &slot);
  struct coral_capture_place *place = capture_place(number);
  struct copying copying = {};

  if (!capture || !place)
    return 0;
  moment &= 1;
  copying.ops = capture->ops[moment];
  copying.captured = &place->captured;
  copying.start = capture->entry_bytes * moment;
  copy_registers(copying.registers, regs);
  bpf_loop(capture->ops_count[moment], copy_one, &copying, 0);
  place->captured.call.capture_version = capture->version;
  place->captured.failed[moment] = copying.failed;
  return 0;
}

#endif
