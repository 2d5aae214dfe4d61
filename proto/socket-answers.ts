/** Whether somebody answers on a unix socket. */

import { connect } from 'node:net';

/** True when a connection is accepted; a dead socket file or none gives false. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
