import { GUEST_LIFE_MS, type Guest, type GuestStore } from '../../src/app/accounts/ports/guest-store';
import { guestAt } from '../support/guests';

const START = 1_700_000_000_000;

const guest = (sessionId: string, change: Partial<Guest> = {}): Guest => guestAt(START, sessionId, change);

/** What every guest store guarantees. `open` makes an empty one that holds at least 100 guests. */
export function describeGuestStore(name: string, open: () => Promise<GuestStore>): void {
  describe(name, () => {
    let store: GuestStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('A1 a guest is found by the session, as stored', async () => {
      expect(await store.add(guest('a', { username: 'Zoë 🐼', language: 'de' }))).toBe(true);
      expect(await store.use('a', START)).toEqual(guest('a', { username: 'Zoë 🐼', language: 'de' }));
      expect(await store.use('b', START)).toBeNull();
      expect(await store.count()).toBe(1);
    });

    test('A1 a session has one guest, however many requests come at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.add(guest('a', { id: `guest_${n}` }))),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await store.use('a', START))?.id).toBe(`guest_${answers.indexOf(true)}`);
    });

    test('A1 two hours after the last use a guest is gone; each use gives two more', async () => {
      await store.add(guest('a'));
      const nearlyOver = START + GUEST_LIFE_MS - 1;
      expect((await store.use('a', nearlyOver))?.lastSeen).toBe(nearlyOver);
      expect(await store.use('a', nearlyOver + GUEST_LIFE_MS - 1)).not.toBeNull();
      expect(await store.use('a', nearlyOver + 2 * GUEST_LIFE_MS)).toBeNull();
    });

    test('A1 a session whose guest is gone may have a new one', async () => {
      await store.add(guest('a', { id: 'guest_first' }));
      const later = START + GUEST_LIFE_MS;
      expect(await store.add(guest('a', { id: 'guest_second', lastSeen: later }))).toBe(true);
      expect((await store.use('a', later))?.id).toBe('guest_second');
    });

    test('A1 a change changes what it names and counts as use', async () => {
      await store.add(guest('a'));
      const later = START + GUEST_LIFE_MS - 1;
      await store.change('a', { username: 'BraveFox0001', inChat: true, connectedUser: 'guest_b' }, later);
      expect(await store.use('a', later + 1000)).toEqual(
        guest('a', {
          username: 'BraveFox0001',
          inChat: true,
          connectedUser: 'guest_b',
          lastSeen: later + 1000,
        }),
      );
    });

    test('A1 a change of an unknown guest makes none', async () => {
      await store.change('a', { username: 'BraveFox0001' }, START);
      expect(await store.use('a', START)).toBeNull();
      await store.add(guest('b'));
      await store.change('b', { username: 'BraveFox0001' }, START + GUEST_LIFE_MS);
      expect(await store.use('b', START + GUEST_LIFE_MS)).toBeNull();
    });

    test('A1 changes of different fields at once are all kept', async () => {
      await store.add(guest('a'));
      await Promise.all([
        store.change('a', { isSearching: true }, START + 1),
        store.change('a', { socketId: 's1' }, START + 2),
        store.change('a', { gender: 'other' }, START + 3),
      ]);
      expect(await store.use('a', START + 4)).toMatchObject({
        isSearching: true,
        socketId: 's1',
        gender: 'other',
      });
    });

    test('A1 a removed guest is unknown; removing an unknown guest is no error', async () => {
      await store.add(guest('a'));
      await store.remove('a');
      await store.remove('a');
      expect(await store.use('a', START)).toBeNull();
      expect(await store.count()).toBe(0);
    });

    test('A1 expired guests are forgotten, the others stay', async () => {
      for (let n = 0; n < 10; n++) await store.add(guest(`old${n}`));
      await store.add(guest('young', { lastSeen: START + GUEST_LIFE_MS / 2 }));
      await store.use('old3', START + GUEST_LIFE_MS / 2 + 1);
      await store.expire(START + GUEST_LIFE_MS);
      expect(await store.count()).toBe(2);
      expect(await store.use('old3', START + GUEST_LIFE_MS)).not.toBeNull();
      expect(await store.use('young', START + GUEST_LIFE_MS)).not.toBeNull();
    });
  });
}
