import type { Latency, Snapshot, TreeNode } from '../document.js';

/** What the shape cannot say and readers rely on: buckets ascend, tree parents come before their children. */
export function inconsistency(snapshot: Snapshot): string | undefined {
  return treeFault(snapshot.tree) ?? functionsFault(snapshot.functions, 'functions') ?? byPidFault(snapshot.by_pid ?? []);
}

function treeFault(tree: readonly TreeNode[]): string | undefined {
  const seen = new Set<number>();
  for (const [i, node] of tree.entries()) {
    if (seen.has(node.id)) return `tree[${i}].id: ${node.id} occurs twice`;
    if (node.parent !== null && !seen.has(node.parent)) return `tree[${i}].parent: no node ${node.parent} before this one`;
    seen.add(node.id);
  }
  return undefined;
}

function byPidFault(processes: NonNullable<Snapshot['by_pid']>): string | undefined {
  for (const [i, process] of processes.entries()) {
    const fault = functionsFault(process.functions, `by_pid[${i}].functions`);
    if (fault) return fault;
  }
  return undefined;
}

function functionsFault(functions: Snapshot['functions'], path: string): string | undefined {
  for (const [i, { latency }] of functions.entries()) {
    const fault = latency && histogramFault(latency.histogram, `${path}[${i}].latency.histogram`);
    if (fault) return fault;
  }
  return undefined;
}

function histogramFault(histogram: Latency['histogram'], path: string): string | undefined {
  let end = 0;
  for (const [i, [lower, upper]] of histogram.entries()) {
    if (Number(lower) < end) return `${path}[${i}][0]: ${lower} is below the bucket before`;
    if (Number(upper) <= Number(lower)) return `${path}[${i}][1]: ${upper} is not above ${lower}`;
    end = Number(upper);
  }
  return undefined;
}
