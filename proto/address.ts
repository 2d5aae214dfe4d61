/** Where a server listens: `unix:/path` or `host:port`. TCP stays on loopback until mutual TLS is there. */

import { isIPv4, isIPv6 } from 'node:net';
import { CoralError } from './errors.js';

/** Settings of every channel and server of ours: no proxies, no channelz, messages up to the largest snapshot. */
export const CHANNEL_OPTIONS = {
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc.max_send_message_length': 64 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
} as const;

/** The address in the form that gRPC takes. Throws USAGE for what is no address, UNSUPPORTED for one that is not local. */
export function localAddress(address: string): string {
  if (isSocketOfHost(address)) return address;
  const { host, port } = splitHostPort(address);
  if (!isLoopback(host)) {
    throw new CoralError(
      'UNSUPPORTED',
      `${address} is not on this host: without mutual TLS coral speaks TCP on loopback only`,
      'use 127.0.0.1:PORT, and a tunnel such as `ssh -L PORT:127.0.0.1:PORT HOST` from another host',
      { address },
    );
  }
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Whether both ends are processes of this host, of whose end the kernel tells. */
export const isSocketOfHost = (address: string): boolean => address.startsWith('unix:') && address.length > 'unix:'.length;

function splitHostPort(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new CoralError('USAGE', `${JSON.stringify(address)} is no address`, 'write unix:/path/to/socket or HOST:PORT', {
      address,
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
