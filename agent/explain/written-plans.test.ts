import test from 'ava';
import { ExplainFunctionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';
import { WrittenPlans } from './written-plans.js';

test('however many plans, they are one message, the same as when it is encoded at once', (t) => {
  for (const count of [0, 1, 255, 256, 257, 1000]) {
    const functions = Array.from({ length: count }, (_, i) => FunctionPlan.fromPartial({ name: `main.f${i}`, size: i }));
    const written = new WrittenPlans('shop', 'b1');
    for (const plan of functions) written.add(plan);
    const whole = ExplainFunctionResponse.encode({ serviceName: 'shop', buildId: 'b1', functions }).finish();
    t.deepEqual([...written.encoded()], [...whole], `${count}`);
  }
});
