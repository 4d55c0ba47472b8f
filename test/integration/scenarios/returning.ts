import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../support/client/errors';
import { eventually } from '../../support/eventually';
import type { Stage } from './stage';

/** Peers lose their connection and come back, to the same node or to another one. */
export function returningScenarios(stage: Stage): void {
  test('S4 a dropped socket is resumed: same peer, same call, missed messages', async () => {
    const { one, other, callId } = await stage.meet();
    other.drop();
    expect(await one.next('partner_reconnecting')).toEqual({ callId, graceMs: 15_000 });
    await one.request('chat_message', { callId, id: 'missed', text: 'are you there?' });
    const back = await stage.comeBack(other);
    expect(back.handshake).toMatchObject({ userId: other.id, name: other.handshake.name, resumed: true });
    expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
    expect(await back.next('chat_message')).toMatchObject({ id: 'missed' });
    expect(await one.next('partner_state', ({ present }) => present)).toMatchObject({ present: true });
  });

  test('S4 a peer that comes back again and again, by any node, goes on with the same call; the partner is notified', async () => {
    const { one, other, callId } = await stage.meet();
    let [here, away] = [other, one];
    for (const node of [1, 0, 1]) {
      away.drop();
      await here.next('partner_reconnecting');
      const back = await stage.joinAt(node, away.handshake.resumeToken);
      expect(back.handshake).toMatchObject({ userId: away.id, resumed: true });
      expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
      await here.next('partner_state', ({ present }) => present);
      await here.request('chat_message', { callId, id: `to ${node}`, text: 'still here?' });
      await back.next('chat_message', ({ id, content }) => id === `to ${node}` && content === 'still here?');
      await back.request('chat_message', { callId, id: `from ${node}`, text: 'yes' });
      await here.next('chat_message', ({ id, content }) => id === `from ${node}` && content === 'yes');
      [here, away] = [back, here];
    }
  });

  test('S4 S8 a page that was loaded anew reads the chat of its call, by any node', async () => {
    const { one, other, callId } = await stage.meet();
    await one.request('chat_message', { callId, id: 'first', text: 'hello' });
    await other.next('chat_message');
    await other.request('message_read', { callId, id: 'first' });
    await other.request('chat_message', { callId, id: 'second', text: 'hello yourself' });
    other.drop();
    const back = await stage.comeBack(other);
    await back.next('partner_found');
    const { messages, more } = await back.request('chat_history', { callId });
    expect(messages).toMatchObject([
      { id: 'first', senderId: one.id, content: 'hello', status: 'read' },
      { id: 'second', senderId: other.id, content: 'hello yourself' },
    ]);
    expect(more).toBe(false);
    const stranger = await stage.join();
    expect(await codeOf(stranger.request('chat_history', { callId }))).toBe('no_call');
  });

  test('S4 a peer that comes back after the call has ended is notified of that', async () => {
    const { one, other, callId } = await stage.meet();
    other.drop();
    await one.next('partner_reconnecting');
    await one.request('leave_room', { callId });
    const back = await stage.comeBack(other);
    expect(back.handshake).toMatchObject({ resumed: true, session: { state: 'idle', callId: null } });
  });

  test('S4 M6 [M6.2] a peer that is away is not offered, and keeps its waiting time', async () => {
    const away = await stage.join();
    await away.search();
    const first = await away.next('waiting_for_partner');
    await sleep(120);
    away.drop();
    const isAway = ({ parts }: (typeof stage.nodes)[number]): boolean =>
      parts.peers.get(away.id)?.isHere === false;
    await eventually(() => stage.nodes.some(isAway));
    await sleep(30);
    const someone = await stage.join();
    await someone.search();
    await sleep(100);
    expect(someone.received.some(({ event }) => event === 'partner_found')).toBe(false);
    const back = await stage.comeBack(away);
    expect((await back.next('waiting_for_partner')).waitedMs).toBeGreaterThan(first.waitedMs + 100);
    expect(await someone.next('partner_found')).toMatchObject({ partner: { id: away.id } });
  });

  test('S4 a searching peer that comes back searches on, with its waiting time', async () => {
    const one = await stage.join();
    await one.search();
    await sleep(300);
    one.drop();
    const back = await stage.comeBack(one);
    expect(back.handshake.session).toMatchObject({ state: 'searching' });
    const waiting = await back.next('waiting_for_partner', ({ waitedMs }) => waitedMs > 0);
    expect(waiting.waitedMs).toBeGreaterThanOrEqual(290);
    const other = await stage.join();
    await other.search();
    expect((await other.next('partner_found')).partner.id).toBe(one.id);
  });

  test('S4 a second window of the same peer replaces the first', async () => {
    const first = await stage.join();
    const second = await stage.comeBack(first);
    expect(second.id).toBe(first.id);
    expect(await first.untilClosed()).toMatchObject({ code: 4006 });
  });

  test('A1 S4 a second window of a guest has the name of the first, for its own page and for whoever it meets', async () => {
    const first = await stage.join();
    const second = await stage.openWindow(first);
    expect(second.id).not.toBe(first.id);
    expect(second.handshake.name).toBe(first.handshake.name);
    const other = await stage.join();
    await second.search();
    await other.search();
    expect(await other.next('partner_found')).toMatchObject({
      partner: { id: second.id, name: first.handshake.name },
    });
  });

  test('S4 a peer that leaves is gone at once', async () => {
    const { one, other, callId } = await stage.meet();
    other.close();
    expect(await one.next('partner_disconnected')).toEqual({ callId, reason: 'lost' });
    expect((await stage.comeBack(other)).handshake.resumed).toBe(false);
  });

  test('A2 a foreign token resumes no peer', async () => {
    const one = await stage.join();
    const forged = await stage.joinAt(1, `${'x'.repeat(32)}.${one.id}`);
    expect(forged.handshake).toMatchObject({ resumed: false });
    expect(forged.id).not.toBe(one.id);
    expect(one.closed).toBeUndefined();
  });
}
