import { API, errorSchema, type ApiInput, type ApiName, type ApiReply } from '../../../src/protocol';
import { Refused, disconnected } from '../engine/refused';

/** What stands in a path in `{braces}`; the requests that are not here have nothing in theirs. */
interface Places {
  unblock: { userId: string };
  logOutDevice: { deviceId: string };
}

export interface Asked<N extends ApiName> {
  readonly at?: N extends keyof Places ? Places[N] : undefined;
  readonly body?: ApiInput<N>;
  /** The page may be closed while this is on its way; the browser then brings it to its end. */
  readonly outlivesPage?: boolean;
}

/** Whoever asks is told after this long that nobody answered. */
const PATIENCE_MS = 15_000;

/** What proxies answer when the server behind them does not. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

export const pathOf = (name: ApiName, at: Readonly<Record<string, string>> = {}): string =>
  API[name].path.replace(/\{(\w+)\}/g, (_, place: string) => {
    const value = at[place];
    if (value === undefined) throw new Error(`${name} needs ${place} in its path`);
    return encodeURIComponent(value);
  });

/** The HTTP API as one typed function: replies are parsed, and everything that goes wrong is a `Refused`. */
export class Api {
  private readonly refusals = new Set<(refused: Refused) => void>();

  constructor(
    private readonly fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
    /** Where the server is; empty: where the page came from. */
    private readonly base = '',
  ) {}

  /** Hears of everything the server refuses, whoever asked for it. */
  onRefused(listener: (refused: Refused) => void): void {
    this.refusals.add(listener);
  }

  async ask<N extends ApiName>(name: N, asked: Asked<N> = {}): Promise<ApiReply<N>> {
    const response = await this.send(name, asked);
    const content: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const refused = refusalIn(response, content);
      for (const listener of this.refusals) listener(refused);
      throw refused;
    }
    const parsed = API[name].reply.safeParse(content);
    if (!parsed.success) throw new Refused({ code: 'internal', message: 'the reply was not understood' });
    // The schema of exactly this request has parsed it; TypeScript cannot follow that through the table.
    return parsed.data as ApiReply<N>;
  }

  private async send<N extends ApiName>(name: N, { at, body, outlivesPage }: Asked<N>): Promise<Response> {
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

function refusalIn(response: Response, content: unknown): Refused {
  const error = typeof content === 'object' && content !== null && 'error' in content ? content.error : null;
  const parsed = errorSchema.safeParse(error);
  if (parsed.success) return new Refused(parsed.data);
  if (AWAY.has(response.status)) return disconnected(`answered with ${response.status}`);
  return new Refused({ code: 'internal', message: `unreadable error ${response.status}` });
}

/** Whatever was thrown, as something there are words for. */
export const asRefused = (error: unknown): Refused =>
  error instanceof Refused ? error : new Refused({ code: 'internal', message: String(error) });
