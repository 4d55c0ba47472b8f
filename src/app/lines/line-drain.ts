import type { DrainStage } from '../cluster/drain';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { LineDirectory } from './line-directory';
import type { LocalMediaNode } from './media-node';
import { lineMove } from './messages';

/** A client that was asked to move its line, and has not, is asked again after this time. */
const REPEAT_MS = 8_000;
/** Lines that move at the same time. Of many lines it is a fraction, so that all have moved in half a minute or so. */
const LINES_AT_ONCE = 4;
const LINES_PART = 15;

export interface LineDrainDeps {
  readonly media: Pick<LocalMediaNode, 'hostedLines'>;
  readonly lines: LineDirectory;
  readonly peers: PeerRegistry;
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
}

/** Moves the lines of a draining node: their clients make new ones on other nodes before these are closed (V9). */
export class LineDrain implements DrainStage {
  readonly needs = 'media';
  /** When each line's client was asked to move it. */
  private readonly requestedAt = new Map<string, number>();
  private linesAtOnce = LINES_AT_ONCE;

  constructor(private readonly deps: LineDrainDeps) {
    deps.messenger.onNotification(lineMove, ({ peerId, lineId }) => this.requestMove(peerId, lineId));
  }

  begin(): void {
    this.requestedAt.clear();
    const { length } = this.deps.media.hostedLines();
    this.linesAtOnce = Math.max(LINES_AT_ONCE, Math.ceil(length / LINES_PART));
  }

  move(): void {
    const { media, messenger, clock } = this.deps;
    const now = clock.elapsed();
    const hosted = media.hostedLines();
    const here = new Set(hosted.map(({ lineId }) => lineId));
    for (const lineId of this.requestedAt.keys()) if (!here.has(lineId)) this.requestedAt.delete(lineId);
    const requestedAt = (lineId: string): number => this.requestedAt.get(lineId) ?? -REPEAT_MS;
    let moving = hosted.filter(({ lineId }) => now - requestedAt(lineId) < REPEAT_MS).length;
    // Some lines cannot move, however often their clients are asked. Lines whose last request is oldest come first.
    const inTurn = [...hosted].sort((one, other) => requestedAt(one.lineId) - requestedAt(other.lineId));
    for (const { peerId, lineId, gateway } of inTurn) {
      if (moving >= this.linesAtOnce || now - requestedAt(lineId) < REPEAT_MS) return;
      moving += 1;
      this.requestedAt.set(lineId, now);
      messenger.notify(gateway, lineMove, { peerId, lineId });
    }
  }

  /** Runs on the gateway. For a line that is not ready yet, or is moving already, the request comes again later. */
  private requestMove(peerId: string, lineId: string): void {
    const { peers, lines } = this.deps;
    const line = lines.lineOf(peerId);
    if (line?.lineId !== lineId || !line.ready || lines.isMoving(peerId)) return;
    peers.get(peerId)?.send({ event: 'line_move', data: { lineId } });
  }
}
