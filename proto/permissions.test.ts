import test from 'ava';
import { AgentService } from './gen/coral/agent/v1/agent.js';
import { DebugServiceService } from './gen/coral/colony/v1/debug.js';
import { FleetService } from './gen/coral/fleet/v1/fleet.js';
import { RuntimeMonitoringService, SdkService } from './gen/coral/sdk/v1/sdk.js';
import { PERMISSIONS } from './permissions.js';

const SERVICES = [AgentService, DebugServiceService, FleetService, RuntimeMonitoringService, SdkService];

test('every RPC of every service has a permission, and no other does', (t) => {
  const paths = SERVICES.flatMap((service) => Object.values(service).map((rpc) => rpc.path));
  t.deepEqual(Object.keys(PERMISSIONS).sort(), paths.sort());
});

test('whoever may only read can neither attach nor detach', (t) => {
  const reading = Object.entries(PERMISSIONS).filter(([, permission]) => permission === 'debug:read');
  t.false(reading.some(([path]) => /Attach|Detach|Open|Update/.test(path)));
});
