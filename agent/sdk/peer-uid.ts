/** Who is at the other end of a loopback connection, by the kernel's socket tables. */

import { readFileSync } from 'node:fs';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** Uid of the peer ("127.0.0.1:54321") that is connected to our port; null where the tables do not say. */
export function peerUid(peer: string, ourPort: number): number | null {
  const peerPort = Number(peer.slice(peer.lastIndexOf(':') + 1));
  for (const table of TABLES) {
    const uid = findUid(readTable(table), peerPort, ourPort);
    if (uid !== null) return uid;
  }
  return null;
}

/** Uid of the row with these local and remote ports in the text of /proc/net/tcp; null: none. */
export function findUid(table: string, localPort: number, remotePort: number): number | null {
  for (const line of table.split('\n').slice(1)) {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/);
    if (portOf(local) === localPort && portOf(remote) === remotePort) return Number(uid);
  }
  return null;
}

function portOf(address: string | undefined): number {
  return Number.parseInt(address?.slice(address.lastIndexOf(':') + 1) ?? '', 16);
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // no IPv6 on this host, or hidden: the caller's uid is then unknown
  }
}
