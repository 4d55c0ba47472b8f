import express, { type Request, type Response } from 'express';
import { DomainError } from '../../domain/error';
import type { BodyFormat, Endpoint } from '../../protocol';

/** The most bytes of a JSON body. */
export const BODY_LIMIT = 64 * 1024;

/** Events of a billing provider are a few KiB; nothing larger is read. */
const BYTES_LIMIT = '256kb';

/** A DELETE has no body, and no page of another site can send one without being asked first. */
export const bodyFormatOf = ({ method, bodyFormat }: Endpoint): BodyFormat =>
  bodyFormat ?? (method === 'POST' || method === 'PATCH' ? 'json' : 'none');

/** The body of a request, not yet validated. Where the endpoint has none, `{}`, and nothing is read. */
export async function readBody(endpoint: Endpoint, request: Request, response: Response): Promise<unknown> {
  const format = bodyFormatOf(endpoint);
  switch (format) {
    case 'none':
      return {};
    case 'json':
      return readJson(request);
    case 'bytes':
      return readBytes(request, response);
  }
}

const parseBytes = express.raw({ type: () => true, limit: BYTES_LIMIT });

/** The body as a `Buffer`; undefined: there was none. */
function readBytes(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parseBytes(request, response, (error?: unknown) => {
      if (error === undefined) resolve(request.body);
      else reject(error instanceof Error ? error : new Error('the body could not be read', { cause: error }));
    });
  });
}

/**
 * Reads a JSON body as far as the limit, and no further: a body that is too large is answered at once, and what is
 * left of it is dropped as it comes. (The parser of Express waits for the end of the body before it answers.) An
 * empty body counts as `{}`.
 *
 * Throws `DomainError` with `too_large`, `bad_json`, or `bad_data` where the body is not declared as JSON: a form,
 * which any site can have sent, never is. Compressed bodies are not taken, since a small one may expand to a large
 * one.
 */
async function readJson(request: Request): Promise<unknown> {
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

function readOctets(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: () => void): void => {
      request.off('data', take).off('end', end).off('close', close);
      outcome();
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= BODY_LIMIT) return;
      settle(() => reject(tooLarge()));
      request.resume();
    };
    const end = (): void => settle(() => resolve(Buffer.concat(chunks)));
    // The connection was closed before the end of the body: nobody reads the answer.
    const close = (): void => settle(() => reject(new DomainError('bad_data', 'the body broke off')));
    request.on('data', take).on('end', end).on('close', close);
  });
}
