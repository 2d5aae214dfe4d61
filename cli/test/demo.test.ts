import test from 'ava';
import { startSampleServices } from '../demo/sample-services.js';

test('the sample services come up under load, and end with their starter', async (t) => {
  const samples = await startSampleServices(500, process.env);
  t.teardown(samples.stop);
  let calls = 0;
  while (calls < 10) {
    const truth = (await (await fetch(`${samples.url}/debug/truth`)).json()) as Record<string, unknown>;
    calls = Number(JSON.stringify(truth).match(/"calls":(\d+)/)?.[1] ?? 0);
  }
  t.true(process.kill(samples.checkoutPid, 0));
  samples.stop();
  await t.throwsAsync(async () => {
    for (;;) await fetch(`${samples.url}/health`);
  });
});
