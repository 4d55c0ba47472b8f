import type { Config } from '../config';
import { inUrl } from '../domain/addresses';

/** What the system says of an error, as far as it says anything. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall?: unknown;
  readonly path?: unknown;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

/**
 * Why the server could not start and what its operator can do. Only an error of listening speaks of the port: the same
 * codes stand for files and folders as well.
 */
export function explainStartFault(error: unknown, { http }: Pick<Config, 'http'>): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  const { code, syscall, path } = error;
  if (syscall === 'listen' || syscall === 'getaddrinfo') return explainListening(code, http) ?? error.message;
  if (typeof path === 'string') return explainFile(code, path);
  return error.message;
}

function explainListening(code: string, { host, port }: Config['http']): string | undefined {
  const at = `${inUrl(host)}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Something else listens on ${at} already. Stop it, or set PORT to another number.`;
    case 'EACCES':
      return `This account may not listen on ${at}. Set PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${host}. Set HOST to one it has.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} leads to no address. Set HOST to an address of this machine.`;
    default:
      return undefined;
  }
}

function explainFile(code: string, path: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `This account may not read or write ${path}. Give it the right to, or set DATA_DIR to another folder.`;
    case 'EROFS':
      return `${path} is on a file system that is read-only. Set DATA_DIR to another folder.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no room on the disk for ${path}. Make some, or set DATA_DIR to a folder on another disk.`;
    case 'EISDIR':
      return `${path} is a folder where a file is needed. Move it away.`;
    case 'ENOTDIR':
      return `A part of the path ${path} is a file where a folder is needed. Move it away.`;
    default:
      return `${path} cannot be read or written (${code}).`;
  }
}
