import { peerClaim } from '../../../src/app/matchmaking/messages';
import { MatchCommit, type MatchCommitDeps } from '../../../src/app/matchmaking/match-commit';
import { MemoryBusHub } from '../../../src/memory/bus';
import { clusterNode } from '../../support/cluster';
import { ManualClock, settle } from '../../support/manual-clock';
import { ticket } from '../../support/tickets';

async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [here, there] = [await clusterNode('here', hub, clock), await clusterNode('there', hub, clock)];
  const membership = { hears: true };
  const [opened, freed]: string[][] = [[], []];
  const commit = new MatchCommit({
    ...{ messenger: here.messenger, membership, clock },
    lobby: {
      matched: (tickets: { id: string }[]) => opened?.push(...tickets.map(({ id }) => id)),
      freed: ({ id }: { id: string }) => freed?.push(id),
      searcherWith: () => undefined,
    },
    reportError: (error: unknown) => {
      throw error;
    },
  } as unknown as MatchCommitDeps);
  await clock.advance(500);
  return { commit, membership, opened, freed, there };
}

test('M7 [M7.1] a node that has just stood still opens no call: its peers may be in calls at their next gateways', async () => {
  const { commit, membership, opened, freed } = await scene();
  const pair = [ticket('ann'), ticket('bob')];
  membership.hears = false;
  commit.matched(pair);
  await settle();
  expect([opened, freed]).toEqual([[], pair.map(({ id }) => id)]);
  membership.hears = true;
  commit.matched(pair);
  expect(opened).toEqual(pair.map(({ id }) => id));
});

test('M7 [M7.1] nor does it give a peer to a call at another node', async () => {
  const { membership, there } = await scene();
  const claim = {
    ticketId: 't-ann',
    peerId: 'ann',
    callId: '6c84fb90-12c4-11e1-840d-7b25c5ee775a',
    partner: { id: 'bob', name: 'Bob' },
  };
  const asked = (): Promise<unknown> => there.messenger.request('here', peerClaim, claim);
  membership.hears = false;
  await expect(asked()).rejects.toMatchObject({ code: 'node_unreachable' });
  membership.hears = true;
  await expect(asked()).rejects.toMatchObject({ code: 'not_searching' });
});
