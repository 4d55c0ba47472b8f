import { parseRedisAddress } from '../../../src/domain/redis-address';

test('O1 reads host, port, database, user and password, with and without TLS', () => {
  expect(parseRedisAddress('redis://localhost')).toEqual({
    kind: 'server',
    servers: [{ host: 'localhost', port: 6379 }],
    tls: false,
    username: undefined,
    password: undefined,
    database: 0,
  });
  expect(parseRedisAddress('rediss://me:s%40cret@[::1]:7000/3')).toEqual({
    kind: 'server',
    servers: [{ host: '::1', port: 7000 }],
    tls: true,
    username: 'me',
    password: 's@cret',
    database: 3,
  });
});

test('O1 several addresses are servers of one cluster', () => {
  for (const text of ['redis://a:1, redis://b:2,redis://c', 'redis://a:1,b:2,c']) {
    expect(parseRedisAddress(text)).toMatchObject({
      kind: 'cluster',
      servers: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 6379 },
      ],
    });
  }
  expect(parseRedisAddress('rediss://me:pw@a,rediss://me:pw@b')).toMatchObject({
    ...{ kind: 'cluster', tls: true, username: 'me', password: 'pw' },
  });
});

test('O1 user and password hold any character, written with percent signs', () => {
  expect(parseRedisAddress('redis://:p%2Cw%2F%40%3A%3F@h')).toMatchObject({
    ...{ username: undefined, password: 'p,w/@:?' },
  });
  expect(parseRedisAddress('redis://me:a:b@h')).toMatchObject({ username: 'me', password: 'a:b' });
});

test('O1 the database is in the path or a parameter', () => {
  expect(parseRedisAddress('redis://h?db=4')).toMatchObject({ database: 4 });
  expect(parseRedisAddress('redis://h:1/?db=4')).toMatchObject({ database: 4 });
});

test('O1 sentinels name the primary, and may ask for a password of their own', () => {
  expect(parseRedisAddress('redis+sentinel://:pw@a,b:5,[::1]/mymaster/2?sentinelPassword=other')).toEqual({
    kind: 'sentinel',
    servers: [
      { host: 'a', port: 26379 },
      { host: 'b', port: 5 },
      { host: '::1', port: 26379 },
    ],
    tls: false,
    username: undefined,
    password: 'pw',
    primary: 'mymaster',
    database: 2,
    sentinelUsername: undefined,
    sentinelPassword: 'other',
  });
  expect(parseRedisAddress('rediss+sentinel://a/p')).toMatchObject({ tls: true, primary: 'p', database: 0 });
});

test('O1 a socket is a path', () => {
  expect(parseRedisAddress('unix:///run/redis.sock')).toEqual({
    ...{ kind: 'socket', path: '/run/redis.sock', username: undefined, password: undefined, database: 0 },
  });
  expect(parseRedisAddress('unix://me:pw@/run/my%20redis.sock?db=3')).toEqual({
    ...{ kind: 'socket', path: '/run/my redis.sock', username: 'me', password: 'pw', database: 3 },
  });
});

test.each([
  ['', 'must not be empty'],
  ['localhost', 'must be a URL'],
  ['http://localhost', 'must begin with'],
  ['redis://localhost/x', 'database number'],
  ['redis://a/1,redis://b/1', 'no databases but 0'],
  ['redis://a,rediss://b', 'the same scheme'],
  ['redis://:one@a,redis://:two@b', 'the same scheme'],
  ['redis://:one@a,redis://b', 'the same scheme'],
  ['redis://a/1/2', 'database number'],
  ['redis://me@a', 'needs a password'],
  ['redis://a:70000', 'must be a URL'],
  ['redis://a b', 'must be a URL'],
  ['redis://a#x', 'must be a URL'],
  ['redis://:50%@a', 'percent sign'],
  ['redis://a?tls=1', 'no parameter but db'],
  ['redis://a/1?db=2', 'its database once'],
  ['redis+sentinel://a,b', 'must name the primary'],
  ['unix://run/redis.sock', 'whole path'],
])('O1 rejects %j and says why', (text, why) => {
  expect(() => parseRedisAddress(text)).toThrow(why);
});

test('O1 an error about a wrong address never holds the password', () => {
  for (const text of [
    'http://:hunter2@host',
    'redis://:hunter2@host/db',
    ':hunter2@host',
    'redis://:hunter2%@h',
    'unix://:hunter2@x',
  ]) {
    expect(() => parseRedisAddress(text)).toThrow(/^(?!.*hunter2)/);
  }
});
