import { connectTimeout } from '../../../client/src/chat/engine/outage';

test('S6 a client that gets no answer waits longer at each further attempt, up to half a minute', () => {
  expect([0, 1, 2, 3, 4, 50].map(connectTimeout)).toEqual([8_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});
