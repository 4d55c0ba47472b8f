import type { ApiInput, ApiName, ApiReply, Me, PlanState, Profile } from '../../../src/protocol';
import { toRequestError, type RequestError } from '../errors/request-error';
import type { ApiClient, RequestOptions } from './api-client';

/** What the client knows about the user of this browser. */
export type AccountState =
  | { is: 'unasked' }
  | { is: 'failed'; error: RequestError }
  /** `me` is null for a browser that has never connected. */
  | { is: 'known'; me: Me | null; minimumAge: number };

/** The minimum age until the server has named its own. */
const USUAL_MINIMUM_AGE = 18;

export interface IdentityChange {
  /** The user is about to change: requests that wait in the present user's name are sent first. */
  before(): Promise<void>;
  /** The user has changed: the browser's cookies now belong to somebody else. */
  after(): void;
}

/**
 * The user of this browser as the server last reported it, and every action that changes it. Screens read it through
 * a hook. `identity` handles what a change of user means for the rest of the app.
 */
export class AccountStore {
  private known: AccountState = { is: 'unasked' };
  private readonly listeners = new Set<() => void>();
  /** Increases with every change. The reply to a request that was sent before the change is discarded. */
  private version = 0;

  constructor(
    readonly api: ApiClient,
    private readonly identity: IdentityChange,
  ) {}

  readonly getState = (): AccountState => this.known;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get minimumAge(): number {
    return this.known.is === 'known' ? this.known.minimumAge : USUAL_MINIMUM_AGE;
  }

  /** Requests the state again. The known state stays until the reply arrives, and when the request fails. */
  async refresh(): Promise<void> {
    const version = (this.version += 1);
    try {
      const reply = await this.api.request('me');
      if (version === this.version) this.set({ is: 'known', ...reply });
    } catch (error) {
      if (version === this.version && this.known.is !== 'known') {
        this.set({ is: 'failed', error: toRequestError(error) });
      }
    }
  }

  async logIn(body: ApiInput<'logIn'>): Promise<void> {
    await this.identity.before();
    const { me } = await this.api.request('logIn', { body });
    this.become(me);
  }

  /**
   * Makes the account of a registration. The guest of this browser takes their wishes along if it was they who registered;
   * it succeeds even if saving the wishes fails.
   */
  async confirm(body: ApiInput<'confirmAccount'>, wishes: Profile): Promise<void> {
    await this.identity.before();
    const guest = this.known.is === 'known' && this.known.me?.isAnonymous ? this.known.me : null;
    const { me } = await this.api.request('confirmAccount', { body });
    if (guest?.id !== me.id) return this.become(me);
    const withWishes = await this.api
      .request('changeMe', { body: { profile: wishes } })
      .catch(() => ({ me }));
    this.become(withWishes.me);
  }

  async logOut(): Promise<void> {
    await this.identity.before();
    await this.api.request('logOut');
    this.become(null);
  }

  async erase(password: string | undefined): Promise<ApiReply<'erase'>> {
    const reply = await this.api.request('erase', { body: password === undefined ? {} : { password } });
    this.become(null);
    return reply;
  }

  async reset(body: ApiInput<'reset'>): Promise<void> {
    await this.api.request('reset', { body });
    this.become(null);
  }

  /** Answers with what was saved, which may be written otherwise than it was typed. */
  async change(body: ApiInput<'changeMe'>): Promise<Me> {
    const { me } = await this.api.request('changeMe', { body });
    this.setMe(me);
    return me;
  }

  /** Saves the wishes with which a search began. A failure is ignored, because the next search saves them again. */
  keepWishes(wishes: Profile): void {
    this.change({ profile: wishes }).catch(() => undefined);
  }

  /** Sends a request that changes the plan, and stores the plan from the reply. */
  async changePlan<N extends 'tryPlan' | 'cancelPlan' | 'resumePlan' | 'plan'>(
    name: N,
    options: RequestOptions<N> = {},
  ): Promise<void> {
    const { plan }: { plan: PlanState } = await this.api.request<ApiName & N>(name, options);
    if (this.known.is === 'known' && this.known.me) this.setMe({ ...this.known.me, plan });
  }

  /** The next `connected` message names the new user. Until then, the previous account is no longer shown. */
  private become(me: Me | null): void {
    this.setMe(me);
    this.identity.after();
  }

  private setMe(me: Me | null): void {
    this.version += 1;
    this.set({ is: 'known', me, minimumAge: this.minimumAge });
  }

  private set(known: AccountState): void {
    this.known = known;
    for (const listener of this.listeners) listener();
  }
}
