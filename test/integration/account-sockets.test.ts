import { ApiBrowser, PASSWORD, person as newPerson } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, codeOf } from '../support/client';

let node: TestNode;
let serial = 0;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node.close());

const visit = (browser: ApiBrowser): Promise<ProtocolClient> =>
  ProtocolClient.connect(node.wsUrl, undefined, { cookie: browser.cookie });

/** An account that is logged in on two devices. */
async function twoDevices(): Promise<[ApiBrowser, ApiBrowser, string]> {
  const email = `device${(serial += 1)}@example.org`;
  const [one, other] = [new ApiBrowser(node.url), new ApiBrowser(node.url)];
  const { me } = await signUp(one, mailsIn(node.dataDir), newPerson(email));
  await other.ask('logIn', { body: { email, password: PASSWORD } });
  return [one, other, me.id];
}

test('A3 an account goes on at its latest socket, and the session of the earlier device is no longer valid', async () => {
  const [one, other, id] = await twoDevices();
  const before = await visit(one);
  expect(before.id).toBe(id);
  const after = await visit(other);
  expect(after.id).toBe(id);
  expect(await before.untilClosed()).toMatchObject({ code: 4006 });
  expect(after.handshake.resumeToken).not.toBe(before.handshake.resumeToken);
  const thief = await ProtocolClient.connect(node.wsUrl, before.handshake.resumeToken);
  expect(thief.handshake.resumed).toBe(false);
  expect(thief.id).not.toBe(id);
  expect(after.closed).toBeUndefined();
  for (const one of [thief, after]) one.close();
});

test('A3 logging other devices out closes what the other device has open, and nothing of it comes back', async () => {
  const [one, other, id] = await twoDevices();
  await visit(one);
  const elsewhere = await visit(other);
  await one.ask('logOutOthers');
  expect(await elsewhere.untilClosed()).toMatchObject({ code: 4010 });
  const again = await ProtocolClient.connect(node.wsUrl, elsewhere.handshake.resumeToken);
  expect(again.id).not.toBe(id);
  again.close();
});

test('A3 logging out on one device leaves alone what the account does on another', async () => {
  const [one, other, id] = await twoDevices();
  await visit(one);
  const elsewhere = await visit(other);
  await one.ask('logOut', { body: {} });
  await elsewhere.search();
  await elsewhere.request('cancel_search', {});
  expect(elsewhere.closed).toBeUndefined();
  await other.ask('logOut', { body: {} });
  expect(await elsewhere.untilClosed()).toMatchObject({ code: 4010 });
  expect(node.parts.peers.get(id)).toBeUndefined();
});

test('A3 a changed password closes what other devices have open', async () => {
  const [one, other] = await twoDevices();
  const elsewhere = await visit(other);
  await one.ask('changePassword', { body: { current: PASSWORD, next: 'another long password' } });
  expect(await elsewhere.untilClosed()).toMatchObject({ code: 4010 });
});

test('P1 a second window of a guest is no way around the minutes of a plan', async () => {
  const first = await ProtocolClient.connect(node.wsUrl);
  const second = await ProtocolClient.connect(node.wsUrl, undefined, { cookie: first.cookie ?? '' });
  expect(second.id).not.toBe(first.id);
  node.parts.peers.get(first.id)?.allowance.count(240 * 60_000, Date.now());
  expect(await codeOf(second.search())).toBe('plan_minutes_used');
  first.close();
  second.close();
});

test('G1 an erased user is gone in every window of the browser', async () => {
  const first = await ProtocolClient.connect(node.wsUrl);
  const second = await ProtocolClient.connect(node.wsUrl, undefined, { cookie: first.cookie ?? '' });
  const browser = new ApiBrowser(node.url);
  browser.take([first.cookie ?? '']);
  await browser.ask('erase', { body: {} });
  for (const window of [first, second]) expect(await window.untilClosed()).toMatchObject({ code: 4010 });
});

test('R1 a report that could not be acknowledged is the same report when it is made again', async () => {
  const [anna, ben] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  await anna.search();
  await ben.search();
  const { callId } = await anna.next('partner_found');
  const { outbox } = node.parts.records;
  const write = jest.spyOn(outbox, 'write').mockRejectedValueOnce(new Error('the disk is gone'));
  expect(await codeOf(anna.request('report_user', { callId, type: 'spam' }))).toBe('internal');
  write.mockRestore();
  const { reportId } = await anna.request('report_user', { callId, type: 'spam' });
  expect((await anna.request('report_user', { callId, type: 'spam' })).reportId).toBe(reportId);
  expect(outbox.state().rejected).toBe(0);
  for (const one of [anna, ben]) one.close();
});
