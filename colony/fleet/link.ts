/** One Fleet.Link stream: frames of an agent in, orders and acknowledgements out. */

import type { ServerDuplexStream } from '@grpc/grpc-js';
import { CoralError } from '../../proto/errors.js';
import type { FleetServer, Heartbeat, LinkRequest, LinkResponse } from '../../proto/gen/coral/fleet/v1/fleet.js';
import { statusOfError } from '../../proto/status.js';
import { timestampOfMs } from '../wire/times.js';
import type { Agent } from './agent.js';
import type { Fleet } from './fleet.js';

type Call = ServerDuplexStream<LinkRequest, LinkResponse>;
type Frame = NonNullable<LinkRequest['frame']>;

/** The Fleet service over the registry. `refused` hears of links that were cut because of what they sent. */
export function fleetService(fleet: Fleet, version: string, refused: (agentId: string, error: unknown) => void): FleetServer {
  return { link: (call: Call) => serveLink(call, fleet, version, refused) };
}

function serveLink(call: Call, fleet: Fleet, version: string, refused: (agentId: string, error: unknown) => void): void {
  let agent: Agent | undefined;
  const send = (frame: NonNullable<LinkResponse['frame']>): void => {
    call.write({ frame });
  };
  const receive = (frame: Frame): void => {
    if (agent === undefined) agent = admit(frame, fleet, version, send);
    else accept(agent, frame, fleet);
  };
  const close = (): void => {
    if (agent?.linkedBy(send) === true) fleet.release(agent);
    agent = undefined;
  };
  // What one agent sends must not end the colony: its stream is cut, the others stay.
  call.on('data', (message: LinkRequest) => {
    try {
      if (message.frame !== undefined) receive(message.frame);
    } catch (error) {
      refused(agent?.id ?? '(unnamed)', error);
      call.emit('error', statusOfError(error));
      close();
    }
  });
  call.on('end', () => {
    close();
    call.end();
  });
  call.on('cancelled', close);
  call.on('error', close);
}

function admit(frame: Frame, fleet: Fleet, version: string, send: (frame: NonNullable<LinkResponse['frame']>) => void): Agent {
  if (frame.$case !== 'hello') {
    throw new CoralError(
      'USAGE',
      `the first frame of a link was ${frame.$case}, hello was expected`,
      'use an agent of the same version',
    );
  }
  send({ $case: 'welcome', value: { colonyVersion: version } });
  return fleet.admit(frame.value, send);
}

function accept(agent: Agent, frame: Frame, fleet: Fleet): void {
  agent.heard();
  switch (frame.$case) {
    case 'hello':
      throw new CoralError('USAGE', `agent ${agent.id} said hello twice on one link`, 'use an agent of the same version');
    case 'heartbeat':
      agent.send({ $case: 'heartbeat', value: answer(frame.value) });
      break;
    case 'services':
      agent.list(frame.value.services);
      fleet.emit('services', agent);
      break;
    case 'result':
      agent.orders.settle(frame.value);
      break;
    case 'index':
      agent.orders.chunk(frame.value.orderId, frame.value.chunk);
      break;
    default:
      report(agent, frame, fleet);
  }
}

function report(agent: Agent, frame: Extract<Frame, { $case: 'tick' | 'calls' | 'notice' | 'end' }>, fleet: Fleet): void {
  switch (frame.$case) {
    case 'tick':
      fleet.emit('tick', agent, frame.value);
      break;
    case 'calls':
      fleet.emit('calls', agent, frame.value);
      break;
    case 'notice':
      fleet.emit('notice', agent, frame.value);
      break;
    case 'end':
      fleet.emit('end', agent, frame.value);
  }
}

function answer(heartbeat: Heartbeat): Heartbeat {
  const now = timestampOfMs(Date.now());
  return { seq: heartbeat.seq, sentAt: now, receivedAt: now, answersSeq: heartbeat.seq };
}
