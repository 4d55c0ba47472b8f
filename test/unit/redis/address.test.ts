import { parseRedisAddress } from '../../../src/domain/redis-address';

test('O1 reads host, port, database, user and password, with and without TLS', () => {
  expect(parseRedisAddress('redis://localhost')).toEqual({
    servers: [{ host: 'localhost', port: 6379 }],
    isCluster: false,
    tls: false,
    username: undefined,
    password: undefined,
    database: 0,
  });
  expect(parseRedisAddress('rediss://me:s%40cret@[::1]:7000/3')).toEqual({
    servers: [{ host: '::1', port: 7000 }],
    isCluster: false,
    tls: true,
    username: 'me',
    password: 's@cret',
    database: 3,
  });
});

test('O1 several addresses are servers of one cluster', () => {
  const { servers, isCluster } = parseRedisAddress('redis://a:1, redis://b:2,redis://c');
  expect(isCluster).toBe(true);
  expect(servers).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
    { host: 'c', port: 6379 },
  ]);
});

test.each([
  ['', 'must not be empty'],
  ['localhost', 'must be a URL'],
  ['http://localhost', 'must begin with'],
  ['redis://localhost/x', 'database number'],
  ['redis://a/1,redis://b/1', 'no databases but 0'],
  ['redis://a,rediss://b', 'the same scheme'],
  ['redis://:one@a,redis://:two@b', 'the same scheme'],
])('O1 rejects %j and says why', (text, why) => {
  expect(() => parseRedisAddress(text)).toThrow(why);
});

test('O1 an error about a wrong address never holds the password', () => {
  for (const text of ['http://:hunter2@host', 'redis://:hunter2@host/db', ':hunter2@host']) {
    expect(() => parseRedisAddress(text)).toThrow(/^(?!.*hunter2)/);
  }
});
