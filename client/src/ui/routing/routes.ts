/** The path of each route by its name. A segment with a colon is a parameter, as in `/sessions/:id`. */
export type RouteTable = Readonly<Record<string, string>>;

type ParamName<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParamName<`/${Tail}`>
    : Rest
  : never;

/** The parameters of a path: `{ id: string }` for `/sessions/:id`. */
export type ParamsOf<Path extends string> = { readonly [Name in ParamName<Path>]: string };

export type RouteNameOf<R extends RouteTable> = keyof R & string;

export interface Address {
  readonly path: string;
  /** Without its `#`. It holds views of a page, and the one secret that may stand in an address: servers never see it. */
  readonly hash: string;
}

/** A route with its parameters, as one variant for each route of the table. */
export type LocationOf<R extends RouteTable> = {
  [Name in RouteNameOf<R>]: {
    readonly route: Name;
    readonly params: ParamsOf<R[Name]>;
    readonly hash: string;
  };
}[RouteNameOf<R>];

/** What a link to a route needs besides its name: the parameters where the path has any, and perhaps a hash. */
export type LinkOptions<Path extends string> = [ParamName<Path>] extends [never]
  ? [options?: { readonly hash?: string }]
  : [options: { readonly params: ParamsOf<Path>; readonly hash?: string }];

interface Options {
  readonly params?: Readonly<Record<string, string>>;
  readonly hash?: string;
}

const segmentsOf = (path: string): string[] => path.replace(/\/+$/, '').split('/');

const isParam = (segment: string): boolean => segment.startsWith(':');

/** The parameters of `path` where it has the form of `pattern`, or null where it has not. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [segmentsOf(pattern), segmentsOf(path)];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!isParam(segment)) {
      if (segment !== value) return null;
      continue;
    }
    try {
      params[segment.slice(1)] = decodeURIComponent(value);
    } catch {
      // A percent sign that encodes nothing is part of no address that this app has made.
      return null;
    }
    if (value === '') return null;
  }
  return params;
}

/** Fixed segments win over parameters: `/sessions/new` is not the session with the id `new`. */
const bySpecificity = ([, left]: [string, string], [, right]: [string, string]): number =>
  segmentsOf(left).filter(isParam).length - segmentsOf(right).filter(isParam).length;

/** The routes of one app: which one is at an address, and the address of each. Unknown addresses are `fallback`. */
export class Routes<const R extends RouteTable> {
  private readonly ordered: readonly [string, string][];

  constructor(
    readonly table: R,
    private readonly fallback: RouteNameOf<R>,
  ) {
    this.ordered = Object.entries(table).sort(bySpecificity);
  }

  locationAt({ path, hash }: Address): LocationOf<R> {
    for (const [route, pattern] of this.ordered) {
      const params = matchPath(pattern, path);
      // The table says which parameters belong to which route; TypeScript cannot follow that through a loop.
      if (params) return { route, params, hash } as LocationOf<R>;
    }
    return { route: this.fallback, params: {}, hash: '' } as LocationOf<R>;
  }

  hrefOf<Name extends RouteNameOf<R>>(route: Name, ...[options]: LinkOptions<R[Name]>): string {
    return this.build(route, options ?? {});
  }

  /** The address of a location in its one written form: without a slash at its end, say. */
  addressOf({ route, params, hash }: LocationOf<R>): string {
    return this.build(route, { params, hash });
  }

  private build(route: string, { params = {}, hash = '' }: Options): string {
    const path = (this.table[route] ?? '/').replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    );
    return hash === '' ? path : `${path}#${hash}`;
  }
}
