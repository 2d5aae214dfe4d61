import test from 'ava';
import { StoreThread } from './store-thread.js';

test('a question after the close is refused, and starts no thread that would keep the process', async (t) => {
  const thread = new StoreThread();
  await t.throwsAsync(thread.ask('snapshot', 's'), { message: /the history is not open/ });
  await thread.close();
  await t.throwsAsync(thread.ask('snapshot', 's'), { code: 'STORE_FAILED', message: /it is closed/ });
});
