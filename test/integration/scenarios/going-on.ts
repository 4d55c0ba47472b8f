import { codeOf } from '../../support/client';
import type { Stage } from './stage';

/** Peers go on to the next partner. */
export function nextScenarios(stage: Stage): void {
  test('M8 next ends the call on both sides and asks again; the same two do not meet at once', async () => {
    const { one, other, callId } = await stage.meet();
    expect(await one.request('next_partner', { callId })).toEqual({ pauseMs: 0 });
    expect(await other.next('partner_disconnected')).toEqual({ callId, reason: 'next' });
    await other.search();
    const third = await stage.join();
    await third.search();
    const found = await third.next('partner_found');
    expect([one.id, other.id]).toContain(found.partner.id);
  });

  test('M8 next ends the call for both, and each meets another partner', async () => {
    const { one, other, callId } = await stage.meet();
    const third = await stage.join();
    await third.search();
    await other.request('next_partner', { callId });
    expect(await one.next('partner_disconnected')).toMatchObject({ reason: 'next' });
    const again = await other.next('partner_found');
    expect(again.partner.id).toBe(third.id);
    await one.search();
    const fourth = await stage.join();
    await fourth.search();
    expect((await one.next('partner_found')).partner.id).toBe(fourth.id);
  });

  test('M8 skipping too fast is answered with a pause, never an error', async () => {
    const skipper = await stage.join();
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const someone = await stage.join();
      await someone.search();
      if (round === 0) await skipper.search();
      const { callId } = await skipper.next('partner_found', undefined, 15_000);
      pauses.push((await skipper.request('next_partner', { callId })).pauseMs);
      someone.close();
    }
    expect(pauses.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(pauses[6]).toBeGreaterThan(1000);
    const paused = await skipper.next('waiting_for_partner', ({ pauseMs }) => pauseMs > 0);
    expect(paused.pauseMs).toBeLessThanOrEqual(5000);
  }, 30_000);

  test('S1 [S1.1] a late message for an earlier call never hits the next partner', async () => {
    const { one, other, callId } = await stage.meet();
    await one.request('next_partner', { callId });
    const third = await stage.join();
    await third.search();
    await one.next('partner_found');
    expect(await codeOf(one.request('chat_message', { callId, id: 'late', text: 'for the last one' }))).toBe(
      'stale_call',
    );
    expect(await codeOf(one.request('next_partner', { callId }))).toBe('stale_call');
    expect(await codeOf(other.request('chat_message', { callId, id: 'late', text: 'x' }))).toBe('no_call');
    // What is sent later arrives later: by now the late message would be here.
    const found = await third.next('partner_found');
    await one.request('chat_message', { callId: found.callId, id: 'in time', text: 'for you' });
    await third.next('chat_message', ({ id }) => id === 'in time');
    expect(third.received.filter(({ event }) => event === 'chat_message')).toEqual([]);
  });
}
