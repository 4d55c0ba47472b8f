import { createHash } from 'node:crypto';
import type { Calls } from '../calls/calls';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { LeaseStore } from '../ports/lease-store';
import { SlicedIteration } from '../ports/sliced-iteration';
import type { RemoteCalls } from '../calls/remote-calls';
import type { PeerActivity, PeerSnapshot } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';

/** How long a person's seat is remembered after its node has last renewed it: well over the grace of 15 s. */
export const GATEWAY_TTL_MS = 60_000;
const RENEW_MS = 15_000;
/** Seats renewed in one go: enough to fill the calls to the store, few enough to keep nobody waiting. */
const RENEWED_IN_ONE_GO = 250;

export const gatewayKey = (peerId: string): string => `seat:${peerId}`;

/** Of the resume token only this is written down. */
export const hashOf = (resumeToken: string): string =>
  createHash('sha256').update(resumeToken).digest('base64url');

export interface PeerSnapshotsDeps {
  readonly leases: LeaseStore;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly media: ClusterMedia;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  /** Another node has given this person a seat: whatever is left of them here is void. */
  readonly taken: (peer: Peer) => void;
  readonly reportError: (error: unknown, message: string) => void;
}

/** Writes down who is seated here and what they are doing, each time it changes, for whoever has to seat them next. */
export class PeerSnapshots {
  private readonly due = new Set<Peer>();
  private writing: NodeJS.Immediate | undefined;
  private readonly renewing = new SlicedIteration(RENEWED_IN_ONE_GO);
  private readonly stop: () => void;

  constructor(private readonly deps: PeerSnapshotsDeps) {
    const { peers, media, membership, clock, leases, messenger } = deps;
    peers.on({
      registered: (peer) => {
        peer.onChanged(() => this.writeSoon(peer));
        this.writeSoon(peer);
      },
      away: (peer) => this.writeSoon(peer),
      back: (peer) => this.writeSoon(peer),
      gone: (peer) => {
        this.due.delete(peer);
        leases.release(gatewayKey(peer.id), messenger.self).catch(this.report);
      },
    });
    media.onLine((peerId) => {
      const peer = peers.get(peerId);
      if (peer !== undefined) this.writeSoon(peer);
    });
    const writeAll = (): void => [...peers.all()].forEach((peer) => this.writeSoon(peer));
    // What was written before may have been lost with whatever kept it.
    messenger.onRestored(writeAll);
    membership.on({ maybeSuspected: writeAll });
    this.stop = clock.every(RENEW_MS, () => this.renewing.run(peers.all(), (peer) => this.writeSoon(peer)));
  }

  snapshotOf(peer: Peer): PeerSnapshot {
    const { identity, addressHash, media, skipBucket, endedLastCall, recent, isHere } = peer;
    return {
      node: this.deps.messenger.self,
      tokenHash: hashOf(peer.resumeToken),
      identity: { ...identity, blocked: [...peer.blocked] },
      isHere,
      activity: this.doing(peer),
      skips: skipBucket ?? null,
      endedLastCall,
      encounters: [...recent],
      addressHash,
      media: { ...media },
      line: this.deps.media.lineOf(peer.id),
    };
  }

  /** What has changed at the very end is still written: calls that were ended with this node are over at the next. */
  close(): void {
    this.stop();
    this.renewing.close();
    clearImmediate(this.writing);
    this.write();
  }

  private doing({ id, state }: Peer): PeerActivity {
    switch (state.kind) {
      case 'idle':
        return { state: 'idle' };
      case 'cooldown':
        return { state: 'cooldown', wishes: state.wishes, until: state.until };
      case 'searching': {
        const { wishes, ticket } = state;
        return { state: 'searching', wishes, since: ticket.since, ticketId: ticket.id };
      }
      case 'in_call': {
        const { wishes, since, callId, owner } = state;
        const partner = this.partnerOf(id, callId);
        if (partner === undefined) return { state: 'idle' };
        return {
          state: 'in_call',
          wishes,
          since,
          callId,
          owner: owner ?? this.deps.messenger.self,
          partner,
        };
      }
    }
  }

  private partnerOf(peerId: string, callId: string): { id: string; name: string } | undefined {
    const { calls, remoteCalls, peers } = this.deps;
    const call = calls.get(callId);
    if (call !== undefined) {
      const { id, name } = call.other(peerId).peer;
      return { id, name };
    }
    const peer = peers.get(peerId);
    return peer === undefined ? undefined : remoteCalls.of(peer)?.partner;
  }

  private writeSoon(peer: Peer): void {
    this.due.add(peer);
    this.writing ??= setImmediate(() => {
      this.writing = undefined;
      this.write();
    });
  }

  private write(): void {
    const { leases, peers, messenger, taken } = this.deps;
    const here = [...this.due].filter((peer) => peers.get(peer.id) === peer);
    this.due.clear();
    if (here.length === 0) return;
    const renewals = here.map((peer) => ({
      key: gatewayKey(peer.id),
      note: JSON.stringify(this.snapshotOf(peer)),
    }));
    leases
      .renew(messenger.self, renewals, GATEWAY_TTL_MS)
      .then((lost) => {
        const keys = new Set(lost);
        for (const peer of here) if (keys.has(gatewayKey(peer.id))) taken(peer);
      })
      .catch(this.report);
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'seats could not be written down for other nodes');
  };
}
