import type { Visit } from '../../app/accounts';
import type { Credentials, Identity } from '../../app/accounts/identity';
import type { API, ApiBody, ApiName, ApiReply } from '../../protocol';

/** Somebody who is logged in. */
export interface AccountIdentity extends Identity {
  readonly isAnonymous: false;
  readonly logInId: string;
}

/** Who asks, by the route's access rule. Where anyone may, it is looked up only by who needs it. */
interface Asking {
  readonly anyone: () => Promise<Identity | null>;
  readonly known: Identity;
  readonly account: AccountIdentity;
}

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** One request, checked by its route's rules. */
export interface Asked<N extends ApiName> {
  readonly body: ApiBody<N>;
  /** What stands in the path where the table has `{braces}`. */
  readonly at: Readonly<Record<NamesIn<(typeof API)[N]['path']>, string>>;
  readonly who: Asking[(typeof API)[N]['access']];
  readonly credentials: Credentials;
  readonly visit: Visit;
  readonly cookies: CookieChanges;
}

/** What an answer changes of the browser's cookies. */
export interface CookieChanges {
  logIn(token: string): void;
  guest(session: string): void;
  forget(...which: readonly ('logIn' | 'guest')[]): void;
}

export type Handler<N extends ApiName> = (asked: Asked<N>) => Promise<ApiReply<N>>;

/** One for each route of the table: a missing one does not compile. */
export type Handlers = { readonly [N in ApiName]: Handler<N> };

/** Those that plans bring with them. */
export type PlanHandlers = Pick<
  Handlers,
  'plans' | 'plan' | 'tryPlan' | 'buyPlan' | 'cancelPlan' | 'resumePlan'
>;
