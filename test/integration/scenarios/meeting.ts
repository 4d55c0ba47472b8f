import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type ProtocolClient } from '../../support/client';
import { cameraRtp, microphoneRtp, receiver } from '../../support/rtp';
import type { WishesInput } from '../../../src/protocol';
import type { Stage } from './stage';

type CountryWish = Pick<WishesInput, 'country' | 'showCountry'>;

/** Peers meet, talk, go on and part, on whichever nodes. */
export function meetingScenarios(stage: Stage): void {
  test('S1 S3 the handshake brings everything that a line needs', async () => {
    const { handshake } = await stage.join();
    expect(handshake.name).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+\d{4}$/);
    expect(handshake.resumed).toBe(false);
    expect(handshake.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toEqual(
      expect.arrayContaining(['audio/opus', 'video/VP8']),
    );
  });

  test('M1 M5 two peers who search at the same time meet each other', async () => {
    const { one, other } = await stage.meet({ interests: ['Film  Photography', 'tea'] });
    const waiting = await one.next('waiting_for_partner');
    expect(waiting.steps[0]).toEqual({ circle: 'interest', afterMs: 0 });
    expect(one.id).not.toBe(other.id);
  });

  test('M1 both get their shared interests in the same form', async () => {
    const [one, other] = [await stage.join(), await stage.join()];
    await one.search({ interests: ['Film  Photography', 'tea'], languages: ['en', 'de'] });
    await other.search({ interests: ['film photography'], languages: ['de'] });
    const found = await one.next('partner_found');
    expect(found).toMatchObject({
      partner: { id: other.id, name: other.handshake.name },
      shared: { interests: ['film photography'], languages: ['de'] },
      accept: null,
      media: null,
      again: false,
    });
  });

  const countriesSeen = async (mine: CountryWish, theirs: CountryWish): Promise<(string | undefined)[]> => {
    const [one, other] = [await stage.join(), await stage.join()];
    await Promise.all([one.search(mine), other.search(theirs)]);
    const found = [
      await one.next('partner_found', ({ partner }) => partner.id === other.id),
      await other.next('partner_found', ({ partner }) => partner.id === one.id),
    ];
    return found.map(({ partner }) => partner.country);
  };

  test('C2 two peers who both show their country see each other’s', async () => {
    const [mine, theirs] = [
      { country: 'PT', showCountry: true },
      { country: 'DE', showCountry: true },
    ];
    expect(await countriesSeen(mine, theirs)).toEqual(['DE', 'PT']);
  });

  test('C2 G2 neither sees a country while one of the two does not show theirs', async () => {
    const shows = { country: 'PT', showCountry: true };
    expect(await countriesSeen(shows, { country: 'DE', showCountry: false })).toEqual([undefined, undefined]);
    expect(await countriesSeen({ country: 'DE' }, shows)).toEqual([undefined, undefined]);
    expect(await countriesSeen({ showCountry: true }, shows)).toEqual([undefined, undefined]);
  });

  test('C2 whoever comes back to a call sees the country again, and no more than before', async () => {
    const shows = { country: 'PT', showCountry: true };
    const [one, other] = [await stage.join(), await stage.join()];
    await Promise.all([one.search(shows), other.search({ ...shows, country: 'DE' })]);
    await Promise.all([one.next('partner_found'), other.next('partner_found')]);
    one.drop();
    const back = await stage.comeBack(one);
    expect((await back.next('partner_found')).partner).toMatchObject({ id: other.id, country: 'DE' });
  });

  test('M7 V8 two peers meet, talk with receipts, and part', async () => {
    const { one, other, callId } = await stage.meet();
    const { timestamp } = await one.request('chat_message', { callId, id: 'a', text: 'from one' });
    expect(timestamp).toBeGreaterThan(0);
    expect(await other.next('chat_message')).toMatchObject({ content: 'from one', senderId: one.id });
    await other.request('message_read', { callId, id: 'a' });
    expect(await one.next('message_status')).toMatchObject({ id: 'a', status: 'read' });
    await other.request('chat_message', { callId, id: 'b', text: 'from the other' });
    expect(await one.next('chat_message')).toMatchObject({ content: 'from the other' });
    await other.request('leave_room', { callId });
    expect(await one.next('partner_disconnected')).toMatchObject({ callId, reason: 'left' });
    expect(await codeOf(other.request('chat_message', { callId, id: 'c', text: 'late' }))).toBe('no_call');
  });

  test('S8 a message goes sending, sent, delivered, read; sent twice it is shown once', async () => {
    const { one, other, callId } = await stage.meet();
    const reply = await one.request('chat_message', { callId, id: 'm1', text: 'hello 👋' });
    const message = await other.next('chat_message');
    expect(message).toMatchObject({
      id: 'm1',
      content: 'hello 👋',
      senderId: one.id,
      timestamp: reply.timestamp,
    });
    expect(await one.request('chat_message', { callId, id: 'm1', text: 'hello 👋' })).toEqual(reply);
    other.send('message_delivered', { callId, id: 'm1' });
    expect(await one.next('message_status')).toMatchObject({ id: 'm1', status: 'delivered' });
    other.send('message_read', { callId, id: 'm1' });
    expect(await one.next('message_status')).toMatchObject({ id: 'm1', status: 'read' });
    // What is sent later arrives later: by now the first message would have been shown again.
    await one.request('chat_message', { callId, id: 'm2', text: 'and on' });
    await other.next('chat_message', ({ id }) => id === 'm2');
    expect(other.received.filter(({ event }) => event === 'chat_message')).toEqual([]);
  });

  test('S8 typing is passed on and ends with the message', async () => {
    const { one, other, callId } = await stage.meet();
    await one.request('typing', { callId, typing: true });
    expect(await other.next('partner_state', ({ typing }) => typing)).toMatchObject({ typing: true });
    await one.request('chat_message', { callId, id: 'm1', text: 'x' });
    expect(await other.next('partner_state', ({ typing }) => !typing)).toMatchObject({ typing: false });
  });

  test('V4 a mute and a camera switched off are reported to the partner', async () => {
    const { one, other, callId } = await stage.meet({ mode: 'audio' });
    await one.request('media_state', { microphone: false, camera: false });
    expect(await other.next('partner_state', ({ microphone }) => !microphone)).toMatchObject({
      callId,
      microphone: false,
      camera: false,
    });
  });

  test('V4 V8 a camera that is switched on during a call reaches the partner, whichever node owns the call', async () => {
    const clients = [await stage.join(), await stage.join()] as const;
    const lineIds = await Promise.all(clients.map((client) => openLine(client)));
    await Promise.all(clients.map((client) => client.search({ mode: 'video' })));
    const [found] = await Promise.all(clients.map((client) => client.next('partner_found')));
    const callId = found?.callId ?? '';
    let generation = found?.media?.generation ?? 0;
    for (const [index, client] of clients.entries()) {
      await Promise.all(
        clients.map((each) => each.request('call_media_ready', { callId, generation, veiled: true })),
      );
      const lineId = lineIds[index] ?? '';
      const camera = { lineId, source: 'camera', kind: 'video', rtpParameters: cameraRtp() } as const;
      await client.request('line_produce', camera);
      await client.request('line_ready', { lineId });
      const partner = clients[1 - index] ?? client;
      const media = await partner.next('call_media', ({ consumers }) =>
        consumers.some(({ source }) => source === 'camera'),
      );
      generation = media.generation;
    }
  });

  test('C2 with a blur first, chat opens only when both have accepted', async () => {
    const { one, other, callId } = await stage.meet({ mode: 'audio', blurFirst: true });
    expect(await codeOf(one.request('chat_message', { callId, id: 'a', text: 'hi' }))).toBe(
      'not_accepted_yet',
    );
    await one.request('accept_partner', { callId });
    expect(await other.next('partner_state', ({ accepted }) => accepted)).toMatchObject({ accepted: true });
    await other.request('accept_partner', { callId });
    await Promise.all([one.next('call_open'), other.next('call_open')]);
    await one.request('chat_message', { callId, id: 'a', text: 'hi' });
    await other.next('chat_message');
  });

  test('M6 one ticket per peer; cancelling takes it back', async () => {
    const client = await stage.join();
    await client.search();
    expect(await codeOf(client.search())).toBe('not_idle');
    await client.request('cancel_search', {});
    expect(await codeOf(client.request('cancel_search', {}))).toBe('not_searching');
    for (const { parts } of stage.nodes) expect(await parts.tickets.shards()).toEqual([]);
  });

  test('M2 minors are rejected where the operator does not admit them; the rules have to be agreed to', async () => {
    const client = await stage.join();
    expect(await codeOf(client.search({ ageBand: '13-17' }))).toBe('too_young');
    expect(await codeOf(client.search({ agreed: false }))).toBe('terms_required');
  });

  test('S7 counts are of all nodes', async () => {
    const { one } = await stage.meet();
    const stats = await one.next('stats', ({ online, connected }) => online === 2 && connected === 2);
    expect(stats.total).toBe(2);
  });

  test('S7 counts say in which modes people search', async () => {
    const watcher = await stage.join();
    const [writer, talker] = [await stage.join(), await stage.join()];
    await writer.search({ mode: 'text' });
    await talker.search({ mode: 'audio' });
    const stats = await watcher.next('stats', ({ searching }) => searching === 2);
    expect(stats.searchingBy).toEqual({ video: 0, audio: 1, text: 1 });
  });

  test('S7 counts go out at most once a second however many come', async () => {
    const begun = performance.now();
    const watcher = await stage.join();
    const crowd = await Promise.all(Array.from({ length: 30 }, () => stage.join()));
    await sleep(2_200);
    const counts = watcher.received.filter(({ event }) => event === 'stats');
    expect(counts.length).toBeGreaterThanOrEqual(1);
    // The seconds that have passed, and one more: 3, if no client had to wait for its connection.
    expect(counts.length).toBeLessThanOrEqual(1 + Math.floor((performance.now() - begun) / 1000));
    expect(counts.at(-1)?.data).toMatchObject({ online: crowd.length + 1, searching: 0, connected: 0 });
  });
}

/** A line that sends a microphone, in signaling only: no packet is ever sent. */
async function openLine(client: ProtocolClient): Promise<string> {
  const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
  const microphone = { lineId, source: 'microphone', kind: 'audio', rtpParameters: microphoneRtp() } as const;
  await client.request('line_produce', microphone);
  await client.request('line_ready', { lineId });
  return lineId;
}
