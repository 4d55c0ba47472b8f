import { API, errorSchema, type ApiInput, type ApiName, type ApiReply } from '../../../src/protocol';
import { RequestError, disconnected } from '../errors/request-error';

/** The path parameters in `{braces}`. Requests that are not listed have none. */
interface Places {
  unblock: { userId: string };
  logOutDevice: { deviceId: string };
}

export interface RequestOptions<N extends ApiName> {
  readonly at?: N extends keyof Places ? Places[N] : undefined;
  readonly body?: ApiInput<N>;
  /** The browser completes the request even if the page is closed meanwhile. */
  readonly outlivesPage?: boolean;
}

/** A request without a response fails after this time. */
const PATIENCE_MS = 15_000;

/** Status codes of proxies whose server does not respond. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

export const pathOf = (name: ApiName, at: Readonly<Record<string, string>> = {}): string =>
  API[name].path.replace(/\{(\w+)\}/g, (_, place: string) => {
    const value = at[place];
    if (value === undefined) throw new Error(`${name} needs ${place} in its path`);
    return encodeURIComponent(value);
  });

/** The HTTP API as one typed function. Replies are parsed, and every failure is a `RequestError`. */
export class ApiClient {
  private readonly errorListeners = new Set<(error: RequestError) => void>();

  constructor(
    private readonly fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
    /** The origin of the server. Empty means the origin of the page. */
    private readonly base = '',
  ) {}

  /** Calls back for every error that the server returns, whoever sent the request. */
  onError(listener: (error: RequestError) => void): void {
    this.errorListeners.add(listener);
  }

  async request<N extends ApiName>(name: N, options: RequestOptions<N> = {}): Promise<ApiReply<N>> {
    const response = await this.send(name, options);
    const content: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const error = errorIn(response, content);
      for (const listener of this.errorListeners) listener(error);
      throw error;
    }
    const parsed = API[name].reply.safeParse(content);
    if (!parsed.success)
      throw new RequestError({ code: 'internal', message: 'the reply was not understood' });
    // The schema of this request has parsed it; TypeScript cannot follow that through the table.
    return parsed.data as ApiReply<N>;
  }

  private async send<N extends ApiName>(
    name: N,
    { at, body, outlivesPage }: RequestOptions<N>,
  ): Promise<Response> {
    const { method } = API[name];
    const hasBody = method === 'POST' || method === 'PATCH';
    try {
      return await this.fetch(this.base + pathOf(name, at), {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        keepalive: outlivesPage === true,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: { accept: 'application/json', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
        ...(hasBody ? { body: JSON.stringify(body ?? {}) } : {}),
      });
    } catch {
      throw disconnected('the server could not be reached');
    }
  }
}

function errorIn(response: Response, content: unknown): RequestError {
  const error = typeof content === 'object' && content !== null && 'error' in content ? content.error : null;
  const parsed = errorSchema.safeParse(error);
  if (parsed.success) return new RequestError(parsed.data);
  if (AWAY.has(response.status)) return disconnected(`answered with ${response.status}`);
  return new RequestError({ code: 'internal', message: `unreadable error ${response.status}` });
}
