import type { Calls } from '../calls/calls';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { CallHandover } from '../calls/handover';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from './membership';
import type { NodeMessenger } from './node-messenger';

/** How often it is looked at what can go now. */
const STEP_MS = 100;
/** A client that was told to move its line, and did not, is told again. */
const TELL_AGAIN_MS = 8_000;
/** Lines that move at the same time; of many lines, a part of them, so that all have moved in half a minute or so. */
const LINES_AT_ONCE = 4;
const LINES_PART = 15;
/** Sockets closed in one step: each is a greeting on another node at once. */
const SEATS_A_STEP = 5;
/** At the limit people are sent on with whatever they are doing, and have this long to be taken over elsewhere. */
const LAST_MS = 2_000;

/** What this node tells the others of itself; set here, read with each heartbeat. */
export interface DrainSign {
  isUp: boolean;
}

export interface Left {
  readonly peers: number;
  readonly lines: number;
  readonly calls: number;
}

export interface DrainDeps {
  readonly sign: DrainSign;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly media: ClusterMedia;
  readonly handover: Pick<CallHandover, 'handOver'>;
  readonly clock: Clock;
}

/**
 * Empties this node while it runs, so that nobody notices that it ends (V9): no new lines or people come; lines are made
 * anew elsewhere beside those that are here; then people's sockets are sent on to other nodes, which take over their
 * seats; then the calls get another home. With no other node there is nowhere to go, and everybody stays.
 */
export class Drain {
  private readonly told = new Map<string, number>();
  private linesAtOnce = LINES_AT_ONCE;
  private isLast = false;
  private stop: (() => void) | undefined;
  private whenDone: (() => void)[] = [];

  constructor(private readonly deps: DrainDeps) {
    const { messenger } = deps;
    messenger.onNotification('line_move', ({ peerId, lineId }) => this.moveLine(peerId, lineId));
  }

  get isDraining(): boolean {
    return this.deps.sign.isUp;
  }

  get left(): Left {
    const { peers, calls, media } = this.deps;
    return { peers: [...peers.all()].length, lines: media.stats().lines, calls: calls.size };
  }

  /** Said again, it changes nothing. */
  begin(): void {
    if (this.isDraining) return;
    const { sign, membership, clock } = this.deps;
    sign.isUp = true;
    this.told.clear();
    this.linesAtOnce = Math.max(LINES_AT_ONCE, Math.ceil(this.left.lines / LINES_PART));
    membership.beat();
    this.stop = clock.every(STEP_MS, () => this.step());
  }

  /** Takes it back: who has gone has gone, and others may come again. */
  cancel(): void {
    if (!this.isDraining) return;
    this.deps.sign.isUp = false;
    this.stop?.();
    this.deps.membership.beat();
  }

  /** Begins, and resolves when nothing is left, when it has lasted that long, or when there is nowhere to go. */
  finish(limitMs: number): Promise<void> {
    const { clock } = this.deps;
    this.begin();
    const done = new Promise<void>((resolve) => this.whenDone.push(resolve));
    clock.after(limitMs, () => (this.isLast = true));
    clock.after(limitMs + LAST_MS, () => this.done());
    this.step();
    return done;
  }

  close(): void {
    this.stop?.();
    this.done();
  }

  private done(): void {
    for (const resolve of this.whenDone.splice(0)) resolve();
  }

  private step(): void {
    const { membership, handover } = this.deps;
    const open = membership.others().filter(({ draining }) => !draining);
    const peerDirectory = open.filter(({ role }) => role !== 'media');
    if (open.some(({ workers }) => workers > 0)) this.moveLines();
    if (peerDirectory.length > 0) {
      this.movePeers();
      handover.handOver();
    }
    const { peers, lines, calls } = this.left;
    if (peers + lines + calls === 0 || open.length === 0) this.done();
  }

  private moveLines(): void {
    const { media, messenger, clock } = this.deps;
    const now = clock.now();
    const hosted = media.hosted();
    const here = new Set(hosted.map(({ lineId }) => lineId));
    for (const lineId of this.told.keys()) if (!here.has(lineId)) this.told.delete(lineId);
    const toldAt = (lineId: string): number => this.told.get(lineId) ?? 0;
    let underWay = hosted.filter(({ lineId }) => now - toldAt(lineId) < TELL_AGAIN_MS).length;
    // Some cannot move, however often they are told: those who were told longest ago come first.
    const inTurn = [...hosted].sort((one, other) => toldAt(one.lineId) - toldAt(other.lineId));
    for (const { peerId, lineId, gateway } of inTurn) {
      if (underWay >= this.linesAtOnce || now - toldAt(lineId) < TELL_AGAIN_MS) return;
      underWay += 1;
      this.told.set(lineId, now);
      messenger.notify(gateway, 'line_move', { peerId, lineId });
    }
  }

  /** To the seat of a line's person. A line that is still being made, or moves already, is asked for again later. */
  private moveLine(peerId: string, lineId: string): void {
    const { peers, media } = this.deps;
    const line = media.lineOf(peerId);
    if (line?.lineId !== lineId || !line.ready || media.isMoving(peerId)) return;
    peers.get(peerId)?.send({ event: 'line_move', data: { lineId } });
  }

  private movePeers(): void {
    let moved = 0;
    for (const peer of this.deps.peers.all()) {
      if (peer.presence.state !== 'here') continue;
      if (!this.isLast && (moved >= SEATS_A_STEP || !this.mayGo(peer))) continue;
      peer.presence.socket.close('moving');
      moved += 1;
    }
  }

  /** Their line is somewhere else, and nothing is just being made that they would have to be told of. */
  private mayGo(peer: Peer): boolean {
    const { media, calls, messenger } = this.deps;
    if (media.lineOf(peer.id)?.node === messenger.self || media.isMoving(peer.id)) return false;
    const mediaState = peer.state.kind === 'in_call' ? calls.get(peer.state.callId)?.media.state : undefined;
    return mediaState !== 'bridging' && mediaState !== 'offered';
  }
}
