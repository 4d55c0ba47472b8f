import { readConfig } from '../../../src/config';
import { explainStartFault } from '../../../src/server';

const config = readConfig({ PORT: '80', HOST: '0.0.0.0', RTC_ANNOUNCED_ADDRESS: '203.0.113.7' });
const fault = (code: string, more: object): string =>
  explainStartFault(Object.assign(new Error(`${code}: …`), { code, ...more }), config);

test.each([
  ['EACCES', { syscall: 'listen' }, 'This account may not listen on 0.0.0.0:80'],
  ['EADDRINUSE', { syscall: 'listen' }, 'Something else listens on 0.0.0.0:80'],
  ['EADDRNOTAVAIL', { syscall: 'listen' }, 'This machine has no address 0.0.0.0'],
  ['ENOTFOUND', { syscall: 'getaddrinfo' }, 'The name 0.0.0.0 leads to no address'],
  ['EACCES', { syscall: 'mkdir', path: '/srv/data' }, 'This account may not read or write /srv/data'],
  ['EACCES', { syscall: 'open', path: '/srv/data/secret' }, 'may not read or write /srv/data/secret'],
  ['EROFS', { syscall: 'open', path: '/srv/data/x' }, '/srv/data/x is on a file system that is read-only'],
  ['ENOSPC', { syscall: 'write', path: '/srv/data/x' }, 'There is no room on the disk for /srv/data/x'],
  ['EIO', { syscall: 'read', path: '/srv/data/x' }, '/srv/data/x cannot be read or written (EIO)'],
])('O4 a fault at start names its cause: %s %j', (code, more, words) => {
  expect(fault(code, more)).toContain(words);
});

test('O4 a fault of a folder never speaks of the port', () => {
  for (const code of ['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'EROFS', 'ENOSPC']) {
    expect(fault(code, { syscall: 'mkdir', path: '/srv/data' })).not.toContain('PORT');
  }
});
