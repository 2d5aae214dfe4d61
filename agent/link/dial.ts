/** One Fleet.Link stream to a colony, from the dial to its end. The owner of the gRPC client. */

import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, localAddress } from '../../proto/address.js';
import { FleetClient, type LinkRequest, type LinkResponse } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Frame } from './outbox.js';

export interface Stream {
  write(frame: Frame): void;
  /** Ends the stream and its connection. Idempotent. */
  close(): void;
}

export interface StreamEvents {
  frame(frame: NonNullable<LinkResponse['frame']>): void;
  /** Once: the stream is over, for this reason. */
  closed(reason: string): void;
}

/** Dials; failure comes as `closed`. Throws only for an address that is none. */
export function dial(address: string, events: StreamEvents): Stream {
  const client = new FleetClient(localAddress(address), credentials.createInsecure(), CHANNEL_OPTIONS);
  const call = client.link();
  let open = true;
  const close = (reason: string) => {
    if (!open) return;
    open = false;
    call.cancel();
    client.close();
    events.closed(reason);
  };
  listen(call, events, close);
  return {
    write: (frame) => {
      if (open) call.write({ frame });
    },
    close: () => close('closed by the agent'),
  };
}

function listen(
  call: ClientDuplexStream<LinkRequest, LinkResponse>,
  events: StreamEvents,
  close: (reason: string) => void,
): void {
  call.on('data', (message: LinkResponse) => {
    if (message.frame) events.frame(message.frame);
  });
  call.on('error', (error: Error) => close(error.message));
  call.on('end', () => close('the colony ended the link'));
}
