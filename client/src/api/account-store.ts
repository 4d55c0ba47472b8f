import type { ApiInput, ApiName, ApiReply, Me, PlanState, Profile } from '../../../src/protocol';
import type { Refused } from '../engine/refused';
import { asRefused, type Api, type Asked } from './client';

/** What is known of whoever this browser is. */
export type Known =
  | { is: 'unasked' }
  | { is: 'failed'; error: Refused }
  /** `me` is null for a browser that was never greeted. */
  | { is: 'known'; me: Me | null; minimumAge: number };

/** Until the server has said what age it wants, nothing younger than this is let through. */
const USUAL_MINIMUM_AGE = 18;

export interface IdentityChange {
  /** Somebody else is about to be here: what waits in the present one's name goes out first. */
  before(): Promise<void>;
  /** The cookies of this browser now say somebody else. */
  after(): void;
}

/**
 * Who this browser is, as the server last said it, and everything that changes it. Screens read it through a hook;
 * what a change of identity means beyond this page is `identity`'s to do.
 */
export class AccountStore {
  private known: Known = { is: 'unasked' };
  private readonly listeners = new Set<() => void>();
  /** Rises with everything that is newer than a request on its way, whose answer then no longer counts. */
  private version = 0;

  constructor(
    readonly api: Api,
    private readonly identity: IdentityChange,
  ) {}

  readonly getKnown = (): Known => this.known;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get minimumAge(): number {
    return this.known.is === 'known' ? this.known.minimumAge : USUAL_MINIMUM_AGE;
  }

  /** Asks anew. What was known stays until the answer is there, and when there is none. */
  async refresh(): Promise<void> {
    const version = (this.version += 1);
    try {
      const reply = await this.api.ask('me');
      if (version === this.version) this.set({ is: 'known', ...reply });
    } catch (error) {
      if (version === this.version && this.known.is !== 'known') {
        this.set({ is: 'failed', error: asRefused(error) });
      }
    }
  }

  async logIn(body: ApiInput<'logIn'>): Promise<void> {
    await this.identity.before();
    const { me } = await this.api.ask('logIn', { body });
    this.become(me);
  }

  /** What a guest had wished for comes along; that it does not is no reason to have no account. */
  async register(body: ApiInput<'register'>, wishes: Profile): Promise<void> {
    const { me } = await this.api.ask('register', { body });
    const withWishes = await this.api.ask('changeMe', { body: { profile: wishes } }).catch(() => ({ me }));
    this.become(withWishes.me);
  }

  async logOut(): Promise<void> {
    await this.identity.before();
    await this.api.ask('logOut');
    this.become(null);
  }

  async erase(password: string | undefined): Promise<ApiReply<'erase'>> {
    const reply = await this.api.ask('erase', { body: password === undefined ? {} : { password } });
    this.become(null);
    return reply;
  }

  async reset(body: ApiInput<'reset'>): Promise<void> {
    await this.api.ask('reset', { body });
    this.become(null);
  }

  async change(body: ApiInput<'changeMe'>): Promise<void> {
    const { me } = await this.api.ask('changeMe', { body });
    this.setMe(me);
  }

  /** Wishes as they were when a search began with them. Nobody waits for it; the next search saves them again. */
  keepWishes(wishes: Profile): void {
    this.change({ profile: wishes }).catch(() => undefined);
  }

  /** A request that answers with the plan as it is from now on. */
  async changePlan<N extends 'tryPlan' | 'cancelPlan' | 'resumePlan' | 'plan'>(
    name: N,
    asked: Asked<N> = {},
  ): Promise<void> {
    const { plan }: { plan: PlanState } = await this.api.ask<ApiName & N>(name, asked);
    if (this.known.is === 'known' && this.known.me) this.setMe({ ...this.known.me, plan });
  }

  /** The greeting that follows tells who it is; until then an account that was left is shown no longer. */
  private become(me: Me | null): void {
    this.setMe(me);
    this.identity.after();
  }

  private setMe(me: Me | null): void {
    this.version += 1;
    this.set({ is: 'known', me, minimumAge: this.minimumAge });
  }

  private set(known: Known): void {
    this.known = known;
    for (const listener of this.listeners) listener();
  }
}
