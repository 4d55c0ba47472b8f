import { parseSetCookie } from 'cookie';
import { API, errorSchema, type ApiInput, type ApiName, type ApiReply } from '../../src/protocol';

export interface RequestDetails<N extends ApiName> {
  readonly body?: ApiInput<N>;
  readonly at?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | undefined,
  ) {
    super(`${status} ${code}: ${message}`);
  }
}

/** A browser as the API sees it: it keeps cookies, and sends the origin of its requests. */
export class ApiBrowser {
  readonly cookies = new Map<string, string>();
  /** The `Set-Cookie` headers of the last reply. */
  lastSetCookies: string[] = [];

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Keeps the cookies of `Set-Cookie`. */
  take(setCookies: readonly string[]): void {
    for (const text of setCookies) {
      const { name, value, maxAge } = parseSetCookie(text);
      if (maxAge === 0 || value === undefined) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  /** The `Cookie` header it sends. */
  get cookie(): string {
    return [...this.cookies].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('; ');
  }

  /** Another browser with the same cookies. */
  twin(): ApiBrowser {
    const twin = new ApiBrowser(this.url, this.headers);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    return twin;
  }

  async send<N extends ApiName>(
    name: N,
    { body, at = {}, headers = {} }: RequestDetails<N> = {},
  ): Promise<Response> {
    const { method, path } = API[name];
    const hasBody = method === 'POST' || method === 'PATCH';
    const given = {
      origin: this.url,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(this.cookies.size > 0 ? { cookie: this.cookie } : {}),
      ...this.headers,
      ...headers,
    };
    const response = await fetch(
      this.url + path.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(at[place] ?? '')),
      {
        method,
        headers: Object.entries(given).flatMap(([key, value]): [string, string][] =>
          value === undefined ? [] : [[key, value]],
        ),
        ...(hasBody ? { body: JSON.stringify(body ?? {}) } : {}),
      },
    );
    this.lastSetCookies = response.headers.getSetCookie();
    this.take(this.lastSetCookies);
    return response;
  }

  /** Throws `ApiError`. A reply has to be exactly what the contract says. */
  async ask<N extends ApiName>(name: N, details: RequestDetails<N> = {}): Promise<ApiReply<N>> {
    const response = await this.send(name, details);
    const content: unknown = await response.json();
    if (!response.ok) {
      const { code, message, retryAfterMs } = errorSchema.parse(
        typeof content === 'object' && content !== null && 'error' in content ? content.error : null,
      );
      throw new ApiError(response.status, code, message, retryAfterMs);
    }
    const parsed = API[name].reply.parse(content);
    expect(parsed).toEqual(content);
    return parsed as ApiReply<N>;
  }

  /** The error code with which a request is rejected. */
  async codeOf<N extends ApiName>(name: N, details: RequestDetails<N> = {}): Promise<string> {
    try {
      await this.ask(name, details);
    } catch (error) {
      if (error instanceof ApiError) return error.code;
      throw error;
    }
    return 'done';
  }
}

export const PASSWORD = 'correct horse battery';

/** The data with which a user registers. */
export const person = (email: string, change: Partial<ApiInput<'register'>> = {}): ApiInput<'register'> => ({
  email,
  password: PASSWORD,
  birthDate: '1990-05-17',
  agreed: true,
  ...change,
});
