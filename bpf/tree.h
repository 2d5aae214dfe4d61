/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The call tree: a node is a function under a caller's node; a root is one for each `go` statement that led to it. Nodes are
 * given out once and never taken back.
 */
#ifndef CORAL_TREE_H
#define CORAL_TREE_H

#include "maps.h"

INLINE struct coral_node *node_in_stripe(u32 node, u32 stripe) {
  u32 index = stripe * config.nodes + node;

  return bpf_map_lookup_elem(&nodes, &index);
}

/* The next free number, or CORAL_NODE_OTHER when all are given out. `last_node` counts those behind CORAL_NODE_OTHER. */
INLINE u32 take_node_id(void) {
  u32 zero = 0;
  u32 *last = bpf_map_lookup_elem(&last_node, &zero);
  u32 id;

  if (!last || CORAL_NODE_OTHER + *(volatile u32 *)last + 1 >= config.nodes)
    return CORAL_NODE_OTHER;
  id = CORAL_NODE_OTHER + ATOMIC_ADD(last, 1) + 1;
  return id < config.nodes ? id : CORAL_NODE_OTHER;
}

/* Makes the node; where another CPU was faster, its number (ours then stays empty). */
INLINE u32 make_node(u32 parent, u32 slot, u64 starter) {
  struct coral_node_key key = {.parent = parent, .slot = slot, .starter = starter};
  u32 id = take_node_id();
  struct coral_node *node;
  u32 *known;

  if (id == CORAL_NODE_OTHER)
    return CORAL_NODE_OTHER;
  if (bpf_map_update_elem(&node_ids, &key, &id, BPF_NOEXIST)) {
    known = bpf_map_lookup_elem(&node_ids, &key);
    return known ? *known : CORAL_NODE_OTHER;
  }
  node = node_in_stripe(id, 0);
  if (node) {
    node->parent = parent;
    node->slot = slot;
    node->starter = starter;
  }
  return id;
}

/* A word of `known_nodes`. */
#define NODE_MASK ((1ULL << CORAL_NODE_BITS) - 1)
#define KNOWN_NODE_KEY(parent, slot) (((u64)(parent) << 16 | (slot)) << CORAL_NODE_BITS)

INLINE u64 *known_node(u32 parent, u32 slot) {
  u32 index = (parent * 31 + slot) & (CORAL_KNOWN_NODES - 1);

  return bpf_map_lookup_elem(&known_nodes, &index);
}

CHECKED_ONCE u32 find_node(u32 parent, u32 slot, u64 starter) {
  struct coral_node_key key = {.parent = parent, .slot = slot, .starter = starter};
  u32 *found = bpf_map_lookup_elem(&node_ids, &key);
  u32 id = found ? *found : make_node(parent, slot, starter);
  u64 *known = starter ? 0 : known_node(parent, slot);

  if (id == CORAL_NODE_OTHER)
    count_loss(CORAL_LOSS_NODES_FULL);
  else if (known)
    *(volatile u64 *)known = KNOWN_NODE_KEY(parent, slot) | id;
  return id;
}

/* The node of a function called from `parent`, or of a root; counts the call. */
INLINE u32 enter_node(u32 parent, u32 slot, u64 starter) {
  u64 *known = starter ? 0 : known_node(parent, slot);
  u64 word = known ? *(volatile u64 *)known : 0;
  bool is_known = (word & ~NODE_MASK) == KNOWN_NODE_KEY(parent, slot) && word & NODE_MASK;
  u32 id = is_known ? word & NODE_MASK : find_node(parent, slot, starter);
  struct coral_node *node = node_in_stripe(id, cpu_stripe());

  if (node)
    ATOMIC_ADD(&node->calls, 1);
  return id;
}

/* Adds a returned call. Where the caller is in the same node, its total contains this one already. */
INLINE void leave_node(u32 id, u32 parent, u64 self_ns, u64 below_ns) {
  struct coral_node *node = node_in_stripe(id, cpu_stripe());

  if (id == parent)
    below_ns = -self_ns;
  if (!node)
    return;
  ATOMIC_ADD(&node->self_ns, self_ns);
  if (below_ns)
    ATOMIC_ADD(&node->below_ns, below_ns);
}

CHECKED_ONCE int wait_in_node(u32 id, u64 waited_ns) {
  struct coral_node *node = node_in_stripe(id, cpu_stripe());

  if (node)
    ATOMIC_ADD(&node->waiting_ns, waited_ns);
  return 0;
}

#endif
