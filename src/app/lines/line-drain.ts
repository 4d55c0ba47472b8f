import type { DrainStage } from '../cluster/drain';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { LineDirectory } from './line-directory';
import type { LocalMediaNode } from './media-node';
import { lineMove } from './messages';

/** A client that was told to move its line, and did not, is told again. */
const REPEAT_MS = 8_000;
/** Lines that move at the same time; of many lines, a part of them, so that all have moved in half a minute or so. */
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
  /** When each line's client was told to move it. */
  private readonly toldAt = new Map<string, number>();
  private linesAtOnce = LINES_AT_ONCE;

  constructor(private readonly deps: LineDrainDeps) {
    deps.messenger.onNotification(lineMove, ({ peerId, lineId }) => this.tellClient(peerId, lineId));
  }

  begin(): void {
    this.toldAt.clear();
    const { length } = this.deps.media.hostedLines();
    this.linesAtOnce = Math.max(LINES_AT_ONCE, Math.ceil(length / LINES_PART));
  }

  move(): void {
    const { media, messenger, clock } = this.deps;
    const now = clock.now();
    const hosted = media.hostedLines();
    const here = new Set(hosted.map(({ lineId }) => lineId));
    for (const lineId of this.toldAt.keys()) if (!here.has(lineId)) this.toldAt.delete(lineId);
    const toldAt = (lineId: string): number => this.toldAt.get(lineId) ?? 0;
    let moving = hosted.filter(({ lineId }) => now - toldAt(lineId) < REPEAT_MS).length;
    // Some lines cannot move, however often their clients are told. Those told longest ago come first.
    const inTurn = [...hosted].sort((one, other) => toldAt(one.lineId) - toldAt(other.lineId));
    for (const { peerId, lineId, gateway } of inTurn) {
      if (moving >= this.linesAtOnce || now - toldAt(lineId) < REPEAT_MS) return;
      moving += 1;
      this.toldAt.set(lineId, now);
      messenger.notify(gateway, lineMove, { peerId, lineId });
    }
  }

  /** On the gateway. A line that is not ready yet, or is moving already, is asked for again later. */
  private tellClient(peerId: string, lineId: string): void {
    const { peers, lines } = this.deps;
    const line = lines.lineOf(peerId);
    if (line?.lineId !== lineId || !line.ready || lines.isMoving(peerId)) return;
    peers.get(peerId)?.send({ event: 'line_move', data: { lineId } });
  }
}
