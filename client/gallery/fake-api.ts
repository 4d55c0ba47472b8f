import {
  API,
  type ApiBody,
  type ApiName,
  type ApiReply,
  type ErrorCode,
  type Me,
  type PlanState,
} from '../../src/protocol';
import { FREE, PREMIUM, meOf, planStateOf, type FakeUser } from './fake-users';

class Refuses extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly retryAfterMs?: number,
  ) {
    super(code);
  }
}

type Handlers = {
  [N in ApiName]: (body: ApiBody<N>, at: Readonly<Record<string, string>>) => ApiReply<N>;
};

const DAY = 24 * 3_600_000;
const STATISTICS: ApiReply<'statistics'> = {
  calls: 214,
  talkedMs: 39 * 3_600_000 + 720_000,
  longestMs: 5_040_000,
  messagesSent: 1832,
  skipped: 61,
};
/** The only password that the fake API accepts. */
const PASSWORD = 'correct horse';

/** Users where no plan is sold. */
const UNSOLD: readonly FakeUser[] = ['unsold', 'guest_unsold'];

/**
 * A fake of the HTTP API that runs in the page. It uses the product's route table and schemas, so that every page can
 * be used without a server.
 */
export class FakeApi {
  private me: Me | null;
  private registered: Pick<ApiBody<'register'>, 'email' | 'password' | 'birthDate'> = {
    email: 'mira@example.org',
    password: PASSWORD,
    birthDate: '1990-05-17',
  };
  private blocked: ApiReply<'blocks'>['blocks'];
  private otherDevices: ApiReply<'devices'>['devices'];

  constructor(private readonly cast: FakeUser) {
    this.me = meOf(cast);
    const now = Date.now();
    this.blocked =
      cast === 'fresh'
        ? []
        : [
            { userId: 'one', name: 'CalmHeron4821', at: now - 2 * DAY },
            { userId: 'two', name: 'QuickFox0077', at: now - 9 * DAY },
            { userId: 'three', name: 'Jean-Baptiste O’Neill', at: now - 40 * DAY },
          ];
    this.otherDevices = [
      { id: 'this', device: 'Firefox on Linux', createdAt: now - 9 * DAY, lastUsedAt: now, isThis: true },
      {
        id: 'phone',
        device: 'Chrome on Android',
        createdAt: now - 30 * DAY,
        lastUsedAt: now - DAY,
        isThis: false,
      },
    ];
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : String(input), 'http://here').pathname;
    const found = routeAt(init?.method ?? 'GET', path);
    if (found === null)
      return Response.json({ error: { code: 'not_found', message: path } }, { status: 404 });
    try {
      return Response.json(this.answer(found.name, init?.body, found.at));
    } catch (error) {
      const refusal = error instanceof Refuses ? error : new Refuses('internal');
      const { code, retryAfterMs, message } = refusal;
      return Response.json({ error: { code, message, retryAfterMs } }, { status: 400 });
    }
  };

  private answer<N extends ApiName>(
    name: N,
    body: BodyInit | null | undefined,
    at: Readonly<Record<string, string>>,
  ): unknown {
    const { role, body: schema, reply } = API[name];
    if (this.cast === 'records_away' && name !== 'me') throw new Refuses('records_unavailable');
    if (role === 'account' && (this.me === null || this.me.isAnonymous)) throw new Refuses('log_in_first');
    const parsed = schema.safeParse(JSON.parse(typeof body === 'string' ? body : '{}'));
    if (!parsed.success) throw new Refuses('bad_data');
    const handlers: Handlers = this.handlers;
    return reply.parse(handlers[name](parsed.data as ApiBody<N>, at));
  }

  private readonly handlers: Handlers = {
    me: () => {
      // A user who has logged out continues as a guest.
      this.me ??= meOf('guest');
      return { me: this.me, minimumAge: 18 };
    },
    register: (registration) => {
      this.registered = registration;
      return {};
    },
    confirmAccount: ({ token, password }) => {
      if (token === 'old') throw new Refuses('confirmation_invalid');
      const { email, birthDate, password: chosen } = this.registered;
      if (password !== chosen) throw new Refuses('wrong_credentials');
      const { id = 'mira', name = 'Mira' } = this.me ?? {};
      this.me = { ...meOf('fresh'), id, name, email, birthDate };
      return { me: this.me };
    },
    logIn: ({ email, password }) => {
      if (email.startsWith('hasty')) throw new Refuses('rate_limited', 42_000);
      if (password !== PASSWORD) throw new Refuses('wrong_credentials');
      this.me = { ...meOf('account'), email };
      return { me: this.me };
    },
    logOut: () => {
      this.me = null;
      return {};
    },
    askReset: () => ({}),
    reset: ({ token }) => {
      if (token === 'old') throw new Refuses('reset_invalid');
      this.me = null;
      return {};
    },
    changeMe: ({ name, profile }) => {
      const me = this.someone();
      this.me = { ...me, name: name ?? me.name, profile: { ...me.profile, ...profile } };
      return { me: this.me };
    },
    changePassword: ({ current }) => {
      if (current !== PASSWORD) throw new Refuses('wrong_credentials');
      return {};
    },
    statistics: () => STATISTICS,
    blocks: () => ({ blocks: this.blocked }),
    unblock: (_, { userId }) => {
      this.blocked = this.blocked.filter((block) => block.userId !== userId);
      return {};
    },
    devices: () => ({ devices: this.otherDevices }),
    logOutDevice: (_, { deviceId }) => {
      this.otherDevices = this.otherDevices.filter(({ id }) => id !== deviceId);
      return {};
    },
    logOutOthers: () => {
      this.otherDevices = this.otherDevices.filter(({ isThis }) => isThis);
      return {};
    },
    plans: () => ({
      plans: [this.cast === 'no_filters' ? { ...FREE, filters: false } : FREE, PREMIUM],
      mayBuy: !UNSOLD.includes(this.cast),
      sold: UNSOLD.includes(this.cast) ? [] : [PREMIUM.id],
    }),
    plan: () => ({ plan: this.someone().plan }),
    tryPlan: () =>
      this.setPlan(
        planStateOf(PREMIUM, {
          status: 'trialing',
          periodEndsAt: Date.now() + 7 * DAY,
          endsThen: true,
          mayTry: false,
        }),
      ),
    buyPlan: () => ({ url: `${window.location.origin}/?state=plans-premium` }),
    cancelPlan: () => this.setPlan({ ...this.someone().plan, endsThen: true }),
    resumePlan: () => this.setPlan({ ...this.someone().plan, endsThen: false }),
    export: () => ({
      madeAt: Date.now(),
      account: {
        ...this.someone(),
        statistics: STATISTICS,
        blocks: this.blocked,
        lastActiveAt: Date.now(),
      },
      registrations: [],
      plan: null,
      devices: [],
      calls: [],
      reportsMade: [],
      audit: [],
      bans: [],
      withheld: [{ what: 'reports', count: 1 }],
    }),
    erase: ({ password }) => {
      if (!this.someone().isAnonymous && password !== PASSWORD) {
        throw new Refuses('wrong_credentials');
      }
      this.me = null;
      return {
        erased: [
          { what: 'account', count: 1 },
          { what: 'devices', count: 2 },
          { what: 'plan', count: 1 },
          { what: 'calls', count: 3 },
        ],
        kept: [
          { what: 'reports', count: 1, untilAt: null },
          { what: 'audit', count: 14, untilAt: Date.now() + 180 * DAY },
        ],
      };
    },
  };

  private someone(): Me {
    if (this.me === null) throw new Refuses('log_in_first');
    return this.me;
  }

  private setPlan(plan: PlanState): { plan: PlanState } {
    this.me = { ...this.someone(), plan };
    return { plan };
  }
}

function routeAt(method: string, path: string): { name: ApiName; at: Record<string, string> } | null {
  for (const name of Object.keys(API) as ApiName[]) {
    const route = API[name];
    const pattern = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { name, at: { ...match.groups } };
  }
  return null;
}
