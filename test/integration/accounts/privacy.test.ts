import { z } from 'zod';
import { DomainError } from '../../../src/domain/error';
import type { Identity } from '../../../src/app/accounts/identity';
import { API } from '../../../src/protocol';
import type { CallRecord, ReportRecord } from '../../../src/records/models';
import { openSite, type Site } from '../../support/site';
import { ApiError, PASSWORD, person, type ApiBrowser } from '../../support/api-browser';

const DAY_MS = 24 * 3_600_000;

let site: Site;
let settle: () => Promise<boolean> = () => Promise.resolve(true);
let endBilling: () => Promise<void> = () => Promise.resolve();
beforeEach(async () => {
  settle = () => site.outbox.drained(2_000);
  endBilling = () => Promise.resolve();
  site = await openSite({ settled: () => settle(), endBilling: () => endBilling() });
});
afterEach(() => site.close());

const participant = (userId: string, name: string, at: Date) => ({
  userId,
  name,
  isAnonymous: true,
  region: 'local',
  addressHash: `mark of ${name}`,
  joinedAt: at,
});
const line = (id: string, senderId: string, senderUsername: string, content: string, timestamp: Date) => ({
  id,
  senderId,
  senderUsername,
  type: 'text' as const,
  content,
  timestamp,
  status: 'read' as const,
});

async function callBetween(callId: string, me: { id: string; name: string }, swapped = false): Promise<void> {
  const at = new Date(site.clock.now());
  const mine = participant(me.id, me.name, at);
  const theirs = participant('guest_other', 'MistyYak0001', at);
  const record: CallRecord = {
    _id: callId,
    sessionId: callId,
    sessionType: 'video',
    status: 'ended',
    participants: swapped ? { user1: theirs, user2: mine } : { user1: mine, user2: theirs },
    userIds: [me.id, 'guest_other'],
    messages: [
      line('1', me.id, me.name, 'my own words', at),
      line('2', 'guest_other', 'MistyYak0001', 'words of the other', at),
    ],
    quality: { connectionTimeMs: 80 },
    reports: [],
    issues: [],
    nodeId: 'node',
    aliveAt: at,
    connectedAt: at,
    endedAt: at,
    endReason: 'left',
    endedBy: me.id,
    duration: 61,
    createdAt: at,
    updatedAt: at,
    expiresAt: new Date(at.getTime() + DAY_MS),
  };
  await site.collections.calls.insert(record);
}

async function report(id: string, reporterId: string, reportedId: string): Promise<void> {
  const at = new Date(site.clock.now());
  const record: ReportRecord = {
    _id: id,
    reporterId,
    reportedId,
    sessionId: `call of ${id}`,
    reportType: 'spam',
    description: 'they sold things',
    severity: 'low',
    priority: 1,
    status: 'pending',
    chatLog: [],
    reporterAddressHash: null,
    reportedAddressHash: null,
    reporterSubnetHash: null,
    reportedDeviceHash: null,
    callStartedAt: at,
    restricted: false,
    createdAt: at,
    updatedAt: at,
  };
  await site.collections.reports.insert(record);
}

/** An account with data of every kind. */
async function fullAccount(): Promise<{ browser: ApiBrowser; id: string }> {
  const browser = site.browser({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0' });
  const { me } = await site.signUp(browser, person('ada@example.org', { name: 'Ada' }));
  await site.browser().ask('logIn', { body: { email: 'ada@example.org', password: PASSWORD } });
  await callBetween('call-1', me);
  await callBetween('call-2', me, true);
  await report('report-1', me.id, 'guest_other');
  await report('report-2', 'guest_other', me.id);
  await browser.ask('tryPlan', { body: { planId: 'premium' } });
  const other = await site.guest();
  await site.accounts.blocks.block(other.identity, { userId: me.id, name: 'Ada' });
  await site.outbox.drained(2_000);
  return { browser, id: me.id };
}

test('G1 the export has everything that is kept, and nothing of others or of locks', async () => {
  const { browser, id } = await fullAccount();
  const data = await browser.ask('export');
  expect(data.account).toMatchObject({ id, name: 'Ada', email: 'ada@example.org', birthDate: '1990-05-17' });
  expect(data.plan).toMatchObject({ planId: 'premium', status: 'trialing' });
  expect(data.devices).toHaveLength(2);
  expect(data.calls).toHaveLength(2);
  for (const call of data.calls) {
    expect(call).toMatchObject({ partnerName: 'MistyYak0001', messages: [{ content: 'my own words' }] });
  }
  expect(data.reportsMade).toMatchObject([{ reportId: 'report-1', words: 'they sold things' }]);
  expect(data.audit.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['account.registered', 'account.logged_in']),
  );
  expect(data.withheld).toEqual([{ what: 'reports', count: 1 }]);
  const text = JSON.stringify(data);
  for (const hidden of [
    'argon2',
    'tokenHash',
    'mark of',
    'words of the other',
    'guest_other',
    'addressHash',
  ]) {
    expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
  }
  for (const { tokenHash } of await site.collections.logIns.find({ userId: id })) {
    expect(text).not.toContain(tokenHash);
  }
});

test('G1 what the records have besides does not get into the export by accident', async () => {
  const { browser, id } = await fullAccount();
  const stray = { stray: 'not for anybody' };
  const add = <T extends object>(found: T): T => ({ ...found, ...stray });
  const user = await site.users.get(id);
  const logIns = await site.logIns.of(id, site.clock.now());
  if (user === null) throw new Error('there is an account');
  const statistics = add(user.statistics);
  jest.spyOn(site.users, 'get').mockResolvedValue(add({ ...user, statistics, blocks: user.blocks.map(add) }));
  jest.spyOn(site.logIns, 'of').mockResolvedValue(logIns.map(add));
  const data: unknown = await (await browser.send('export')).json();
  jest.restoreAllMocks();
  expect(data).toMatchObject({ account: { id }, devices: [{}, {}] });
  expect(JSON.stringify(data)).not.toContain('stray');
});

test('G1 every part of the export is named in the contract', () => {
  const schema = JSON.stringify(z.toJSONSchema(API.export.reply, { io: 'input', unrepresentable: 'any' }));
  expect(schema).not.toMatch(/"additionalProperties":\{|"propertyNames"|"items":\{\}/);
});

/** Everything in the records that still names the user. */
async function left(id: string): Promise<Record<string, number>> {
  const { users, logIns, resets, subscriptions } = site.collections;
  return {
    users: await users.count({ _id: id }),
    byEmail: await users.count({ emailKey: 'ada@example.org' }),
    logIns: await logIns.count({ userId: id }),
    resets: await resets.count({ userId: id }),
    subscriptions: await subscriptions.count({ userId: id }),
    blocks: await users.count({ 'blockedUsers.userId': id }),
  };
}
const NOTHING = { users: 0, byEmail: 0, logIns: 0, resets: 0, subscriptions: 0, blocks: 0 };

async function expectErased(id: string): Promise<void> {
  expect(await left(id)).toEqual(NOTHING);
  const calls = await site.collections.calls.find({});
  expect(JSON.stringify(calls)).not.toMatch(/Ada|my own words|mark of Ada/);
  for (const { participants, userIds, messages, endedBy } of calls) {
    expect(JSON.stringify([participants, userIds, messages, endedBy])).not.toContain(id);
  }
  // The calls stay in the partner's history.
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.every(({ messages, userIds }) => messages.length === 1 && userIds.length === 2)).toBe(true);
  const reports = await site.collections.reports.find({});
  expect(reports.every(({ restricted }) => restricted)).toBe(true);
}

test('G1 erasing an account leaves only what has to stay, and says so', async () => {
  const { browser, id } = await fullAccount();
  const happened: string[] = [];
  site.accounts.accountEvents.on({
    loggedOut: (userId, ids) => happened.push(`loggedOut ${userId} ${String(ids)}`),
    erased: (userId) => happened.push(`erased ${userId}`),
  });
  expect(await browser.codeOf('erase', { body: {} })).toBe('wrong_credentials');
  expect(await browser.codeOf('erase', { body: { password: 'wrong' } })).toBe('wrong_credentials');
  expect(await left(id)).toMatchObject({ users: 1, logIns: 2 });

  const reply = await browser.ask('erase', { body: { password: PASSWORD } });
  expect(reply.erased).toEqual([
    { what: 'account', count: 1 },
    { what: 'devices', count: 2 },
    { what: 'plan', count: 1 },
    { what: 'calls', count: 2 },
  ]);
  expect(reply.kept).toEqual([
    { what: 'reports', count: 2, untilAt: null },
    { what: 'audit', count: expect.any(Number), untilAt: expect.any(Number) },
  ]);
  const audit = reply.kept.find(({ what }) => what === 'audit');
  expect((audit?.untilAt ?? 0) - site.clock.now()).toBeGreaterThan(180 * DAY_MS);
  // Sent again at the end, for sockets that were opened meanwhile.
  const said = [`loggedOut ${id} all`, `erased ${id}`];
  expect(happened).toEqual([...said, ...said]);
  expect(browser.cookies.size).toBe(0);
  await expectErased(id);
  expect(
    await site.browser().codeOf('logIn', { body: { email: 'ada@example.org', password: PASSWORD } }),
  ).toBe('wrong_credentials');
  // The address is free again, for somebody new.
  const again = await site.signUp(site.browser(), person('ada@example.org'));
  expect(again.me.id).not.toBe(id);
  expect(await site.collections.audit.count({ subjectId: id, action: 'account.erased' })).toBe(1);
});

test('G1 an erasure that broke off at any step is brought to its end by asking again', async () => {
  const methods = ['update', 'updateMany', 'delete'] as const;
  const { collections } = site;
  const steps = [
    collections.calls,
    collections.reports,
    collections.subscriptions,
    collections.resets,
    collections.users,
  ];
  for (const [n, collection] of steps.entries()) {
    const email = 'ada@example.org';
    const { browser, id } = n === 0 ? await fullAccount() : await registerAgain(email);
    const spies = methods.map((method) =>
      jest.spyOn(collection, method).mockRejectedValue(new Error('the machine stopped')),
    );
    expect(await browser.codeOf('erase', { body: { password: PASSWORD } })).toBe('internal');
    spies.forEach((spy) => spy.mockRestore());
    // Logged out by now, but still a known user.
    expect(await browser.codeOf('devices')).toBe('log_in_first');
    await browser.ask('logIn', { body: { email, password: PASSWORD } });
    await browser.ask('erase', { body: { password: PASSWORD } });
    await expectErased(id);
  }
});

async function registerAgain(email: string): Promise<{ browser: ApiBrowser; id: string }> {
  const browser = site.browser();
  const { me } = await site.signUp(browser, person(email, { name: 'Ada' }));
  await callBetween(`call ${me.id}`, me);
  return { browser, id: me.id };
}

test('G1 what a call that just ended still writes is written before it is erased', async () => {
  const { browser, id } = await fullAccount();
  settle = async () => {
    await callBetween('call-3', { id, name: 'Ada' });
    // A late count does not bring the user back.
    const late: Identity = {
      userId: id,
      name: 'Ada',
      isAnonymous: false,
      ageBand: null,
      blocked: [],
      logInId: 'x',
      guestSession: null,
    };
    setTimeout(() => {
      const call = { callId: 'call-3', talkedMs: 1, messagesSent: 0, skipped: false };
      void site.accounts.callCounter.countCall(late, call);
    }, 100);
    return true;
  };
  await browser.ask('erase', { body: { password: PASSWORD } });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expectErased(id);
});

test('G1 while what a call still writes cannot be written, nothing is said to be erased; asking again does it', async () => {
  const { browser, id } = await fullAccount();
  settle = () => Promise.resolve(false);
  const rejected: unknown = await browser
    .ask('erase', { body: { password: PASSWORD } })
    .catch((error: unknown) => error);
  expect(rejected).toMatchObject({ status: 503, code: 'records_unavailable' });
  expect(rejected instanceof ApiError && rejected.retryAfterMs).toBeGreaterThan(1_000);
  expect(await left(id)).toMatchObject({ users: 1, byEmail: 1, subscriptions: 1 });
  expect(await auditOf(id)).toEqual(['account.erase_asked']);
  settle = () => site.outbox.drained(2_000);
  await browser.ask('logIn', { body: { email: 'ada@example.org', password: PASSWORD } });
  await browser.ask('erase', { body: { password: PASSWORD } });
  await expectErased(id);
  expect(await auditOf(id)).toEqual(['account.erase_asked', 'account.erase_asked', 'account.erased']);
});

test('G1 an erasure that the billing provider blocks is recorded as requested, never as done', async () => {
  const { browser, id } = await fullAccount();
  endBilling = () => Promise.reject(new DomainError('billing_unavailable', 'not now', 5_000));
  expect(await browser.codeOf('erase', { body: { password: PASSWORD } })).toBe('billing_unavailable');
  expect(await auditOf(id)).toEqual(['account.erase_asked']);
  expect(await left(id)).toMatchObject({ users: 1, logIns: 2, subscriptions: 1 });
});

/** The audit entries of a user's erasure, in order. */
async function auditOf(id: string): Promise<string[]> {
  await site.outbox.drained(2_000);
  const entries = await site.collections.audit.find({ subjectId: id }, { sort: { timestamp: 1 } });
  return entries.map(({ action }) => action).filter((action) => action.startsWith('account.erase'));
}

test('G1 [G1.1] a guest needs no password, is gone at once, and is not brought back by what comes late', async () => {
  const { browser, identity } = await site.guest();
  await browser.ask('changeMe', { body: { name: 'Ada' } });
  await callBetween('call-1', { id: identity.userId, name: 'Ada' });
  const reply = await browser.ask('erase', { body: {} });
  expect(reply.erased).toContainEqual({ what: 'account', count: 1 });
  expect(browser.cookies.size).toBe(0);
  const call = { callId: 'call-1', talkedMs: 1, messagesSent: 0, skipped: false };
  expect(await site.accounts.callCounter.countCall(identity, call)).toBe(false);
  expect(await site.accounts.blocks.block(identity, { userId: 'guest_x', name: 'X' })).toBe(false);
  expect(await left(identity.userId)).toEqual(NOTHING);
  expect(JSON.stringify(await site.collections.calls.find({}))).not.toMatch(/Ada|my own words/);
});

test('G2 what is kept of a guest ends a day after their last visit', async () => {
  const { browser, identity } = await site.guest();
  await browser.ask('changeMe', { body: { name: 'Ada' } });
  const record = await site.collections.users.get(identity.userId);
  expect((record?.expiresAt?.getTime() ?? 0) - site.clock.now()).toBeGreaterThan(DAY_MS - 5_000);
  site.clock.move(3_600_000);
  await browser.ask('me');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const renewed = await site.collections.users.get(identity.userId);
  expect((renewed?.expiresAt?.getTime() ?? 0) - (record?.expiresAt?.getTime() ?? 0)).toBeGreaterThan(
    3_500_000,
  );
});

test('G2 [G2.1] the audit log knows marks, never addresses, and ends after six months', async () => {
  const browser = site.browser({ 'x-forwarded-for': '203.0.113.77', 'user-agent': 'A browser' });
  await site.signUp(browser, person('ada@example.org'));
  await browser.codeOf('logIn', { body: { email: 'ada@example.org', password: 'wrong' } });
  await browser.codeOf('logIn', { body: { email: 'nobody@example.org', password: 'wrong' } });
  await site.outbox.drained(2_000);
  const entries = await site.collections.audit.find({}, { sort: { timestamp: 1 } });
  expect(entries.map(({ action, errorCode }) => [action, errorCode])).toEqual([
    ['account.registration_asked', null],
    ['account.registered', null],
    ['account.log_in_failed', 'wrong_credentials'],
    ['account.log_in_failed', 'wrong_credentials'],
  ]);
  expect(entries.map(({ actorId }) => actorId === null)).toEqual([true, false, true, true]);
  expect(entries.map(({ subjectId }) => subjectId === null)).toEqual([true, false, false, true]);
  const text = JSON.stringify(entries);
  expect(text).not.toMatch(/203\.0\.113|example\.org/);
  for (const { expiresAt, addressHash } of entries) {
    expect(addressHash).toHaveLength(43);
    expect(expiresAt.getTime() - site.clock.now()).toBeGreaterThan(180 * DAY_MS);
  }
});
