import { createHash } from 'node:crypto';
import type { Calls } from '../calls/calls';
import type { RemoteCalls } from '../calls/remote-calls';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import { gatewayKey, GATEWAY_TTL_MS } from '../peers/gateway-lease';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import { ageOf } from '../ports/ages';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { LeaseStore } from '../ports/lease-store';
import { SlicedIteration } from '../ports/sliced-iteration';
import type { PeerActivity, PeerSnapshot } from './peer-snapshot';

const RENEW_MS = 15_000;
/** After this a write that failed is made again: the store is mostly away for a second or two. */
const RETRY_MS = 500;
/** Leases renewed in one slice: enough to fill the calls to the store, few enough not to delay other work. */
const RENEWED_A_SLICE = 250;

/** The hash of a resume token. The token itself is never written down. */
export const hashOf = (resumeToken: string): string =>
  createHash('sha256').update(resumeToken).digest('base64url');

export interface PeerSnapshotEvents {
  /** Another node is this peer's gateway by now, so nothing of the peer may remain here. */
  taken(peer: Peer): void;
}

export interface PeerSnapshotsDeps {
  readonly leases: LeaseStore;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly lines: LineDirectory;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Writes a snapshot of each peer of this gateway whenever the peer changes, for the peer's next gateway. */
export class PeerSnapshots implements EventSource<PeerSnapshotEvents> {
  private readonly due = new Set<Peer>();
  private writing: NodeJS.Immediate | undefined;
  private stopRetry: (() => void) | undefined;
  private isClosed = false;
  private readonly renewing = new SlicedIteration(RENEWED_A_SLICE);
  private readonly events = new EventEmitter<PeerSnapshotEvents>();
  private readonly stop: () => void;

  constructor(private readonly deps: PeerSnapshotsDeps) {
    const { peers, lines, membership, clock, leases, messenger } = deps;
    peers.on({
      registered: (peer) => {
        peer.on({ changed: () => this.writeSoon(peer) });
        this.writeSoon(peer);
      },
      away: (peer) => this.writeSoon(peer),
      back: (peer) => this.writeSoon(peer),
      gone: (peer) => {
        this.due.delete(peer);
        leases.release(gatewayKey(peer.id), messenger.self).catch(this.report);
      },
    });
    lines.on({
      changed: (peerId) => {
        const peer = peers.get(peerId);
        if (peer !== undefined) this.writeSoon(peer);
      },
    });
    const writeAll = (): void => [...peers.all()].forEach((peer) => this.writeSoon(peer));
    // Snapshots that were written before may have been lost with the store.
    messenger.on({ restored: writeAll });
    membership.on({ heldUp: writeAll });
    this.stop = clock.every(RENEW_MS, () => this.renewing.run(peers.all(), (peer) => this.writeSoon(peer)));
  }

  on(listener: Partial<PeerSnapshotEvents>): void {
    this.events.on(listener);
  }

  snapshotOf(peer: Peer): PeerSnapshot {
    const { identity, addressHash, origin, media, skipBucket, endedLastCall, recent, isHere } = peer;
    const { clock, messenger, lines } = this.deps;
    return {
      node: messenger.self,
      writtenAt: clock.now(),
      tokenHash: hashOf(peer.resumeToken),
      identity: { ...identity, blocked: [...peer.blocked] },
      isHere,
      activity: this.activityOf(peer),
      skips:
        skipBucket === undefined ? null : { tokens: skipBucket.tokens, ageMs: ageOf(clock, skipBucket.at) },
      endedLastCall,
      encounters: recent.map(({ peerId, at }) => ({ peerId, ageMs: ageOf(clock, at) })),
      addressHash,
      origin,
      media: { ...media },
      line: lines.lineOf(peer.id),
    };
  }

  /** Still writes the last changes: calls that ended with this node have to be over for the next gateway, too. */
  close(): void {
    this.stop();
    this.renewing.close();
    this.isClosed = true;
    this.stopRetry?.();
    clearImmediate(this.writing);
    this.write();
  }

  private activityOf({ id, state }: Peer): PeerActivity {
    const { clock, messenger } = this.deps;
    switch (state.kind) {
      case 'idle':
        return { kind: 'idle' };
      case 'cooldown':
        return {
          kind: 'cooldown',
          wishes: state.wishes,
          leftMs: Math.max(0, state.until - clock.elapsed()),
        };
      case 'searching': {
        const { wishes, ticket } = state;
        return { kind: 'searching', wishes, waitedMs: ageOf(clock, ticket.since), ticketId: ticket.id };
      }
      case 'in_call': {
        const { wishes, since, callId } = state;
        const partner = this.partnerOf(id, callId);
        const owner = state.owner ?? messenger.self;
        return partner === undefined
          ? { kind: 'idle' }
          : { kind: 'in_call', wishes, waitedMs: ageOf(clock, since), callId, owner, partner };
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
    const { leases, peers, messenger } = this.deps;
    const here = [...this.due].filter((peer) => peers.get(peer.id) === peer);
    this.due.clear();
    if (here.length === 0) return;
    const renewals = here.map((peer) => ({
      key: gatewayKey(peer.id),
      value: JSON.stringify(this.snapshotOf(peer)),
    }));
    leases
      .renew(messenger.self, renewals, GATEWAY_TTL_MS)
      .then((lost) => {
        const keys = new Set(lost);
        for (const peer of here) {
          if (keys.has(gatewayKey(peer.id))) this.events.emit((listener) => listener.taken?.(peer));
        }
      })
      .catch((error: unknown) => {
        this.report(error);
        this.retryLater(here);
      });
  }

  /** The store comes back at a moment of its own, and may have lost everything: the bus can be there again earlier. */
  private retryLater(unwritten: readonly Peer[]): void {
    if (this.isClosed) return;
    for (const peer of unwritten) this.due.add(peer);
    this.stopRetry ??= this.deps.clock.after(RETRY_MS, () => {
      this.stopRetry = undefined;
      this.write();
    });
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'the snapshots of peers could not be written');
  };
}
