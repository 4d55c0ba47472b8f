import fs from 'node:fs';
import os from 'node:os';

function readOsRelease() {
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8');
  }
  return '';
}

/** Which system this is: { id: 'debian', version: '12', like: ['debian'] }. */
export function systemRelease() {
  if (process.platform !== 'linux') {
    return { id: process.platform, version: os.release().split('.')[0], like: [] };
  }
  const fields = {};
  for (const line of readOsRelease().split('\n')) {
    const [, name, value] = /^([A-Z_]+)=["']?([^"']*)["']?$/.exec(line) ?? [];
    if (name) fields[name] = value;
  }
  const id = fields.ID || 'linux';
  // A distribution without numbered releases, such as Debian's testing, has a code name at most.
  const version = fields.VERSION_ID || fields.VERSION_CODENAME || 'rolling';
  return { id, version, like: [id, ...(fields.ID_LIKE ?? '').split(' ').filter(Boolean)] };
}

export function isDebianLike() {
  return systemRelease().like.some((id) => id === 'debian' || id === 'ubuntu');
}
