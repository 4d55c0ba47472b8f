import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../domain/error';

/** Octets of one request. */
export const BODY_LIMIT = 64 * 1024;

/**
 * Reads a JSON body as far as the limit, and no further: one that is too large is answered at once, and what is left
 * of it is dropped as it comes. (Express' own parser waits for the end of it before it answers.) None at all counts as
 * `{}`.
 *
 * Throws `DomainError` with `too_large`, `bad_json`, or `bad_data` where it is not said to be JSON: a form, which any site
 * can have sent, never is. Packed bodies are not taken, since what is small on the way may be large here.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { headers } = request;
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new DomainError('bad_data', 'the body has to be application/json');
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new DomainError('bad_data', 'the body may not be packed');
  }
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT) throw tooLarge();
  const body = await readOctets(request);
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new DomainError('bad_json', 'the body is not JSON');
  }
}

const tooLarge = (): DomainError => new DomainError('too_large', `a body has ${BODY_LIMIT} octets at most`);

function readOctets(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const done = (outcome: () => void): void => {
      request.off('data', take).off('end', end).off('close', close);
      outcome();
    };
    const take = (piece: Buffer): void => {
      length += piece.length;
      pieces.push(piece);
      if (length <= BODY_LIMIT) return;
      done(() => reject(tooLarge()));
      request.resume();
    };
    const end = (): void => done(() => resolve(Buffer.concat(pieces)));
    // The connection broke off: nobody hears the answer.
    const close = (): void => done(() => reject(new DomainError('bad_data', 'the body broke off')));
    request.on('data', take).on('end', end).on('close', close);
  });
}
