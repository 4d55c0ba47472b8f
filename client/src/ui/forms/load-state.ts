import type { RequestError } from '../../errors/request-error';

export type LoadState<T> =
  { is: 'waiting' } | { is: 'failed'; error: RequestError } | { is: 'ready'; data: T };
