import { ENDPOINTS } from '../../../src/http/endpoints';
import type { Endpoint } from '../../../src/protocol';
import { CALLERS, serveTable } from './endpoint-app';
import { sampleOf } from './sample';

const SECRET = 'what no contract names';

/** The description is made of the table itself and has no schema of its own; metrics are text. */
const described = Object.entries<Endpoint>(ENDPOINTS).filter(
  ([name, { contentType }]) => name !== 'openApi' && contentType === undefined,
);

test.each(described)(
  'O1 %s: fields of a handler’s reply outside its schema are not sent',
  async (_name, entry) => {
    const sample = sampleOf(entry.reply, { secretField: SECRET });
    expect(JSON.stringify(sample)).toContain(SECRET);
    // The same reply, by an endpoint that is easy to call.
    const endpoint: Endpoint = { ...entry, method: 'GET', path: '/it', role: 'anyone', bodyFormat: 'none' };
    const server = await serveTable({ it: { ...endpoint, body: ENDPOINTS.me.body } }, { it: () => sample });
    try {
      const { status, text } = await server.ask('GET', '/it', { headers: CALLERS.anyone });
      expect([status, server.errors]).toEqual([200, []]);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('secretField');
      // Everything that the schema names is sent all the same.
      expect(JSON.parse(text)).toEqual(sampleOf(entry.reply, {}));
    } finally {
      await server.close();
    }
  },
);

test('O1 no endpoint is left out of the test above but the description and the metrics', () => {
  const all = Object.keys(ENDPOINTS);
  const tested = described.map(([name]) => name);
  expect(all.filter((name) => !tested.includes(name)).sort()).toEqual(['metrics', 'openApi']);
});
