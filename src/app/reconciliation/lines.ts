import { DomainError } from '../../domain/error';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { HostedLine, LocalMediaNode } from '../lines/media-node';
import { linesReconcile } from '../lines/messages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { groupBy } from './group-by';
import { MissedCounter } from './missed-counter';

const RECONCILE_MS = 5_000;
/** A line whose gateway is dead is kept longer: its peer may come back by another gateway and bring the line along. */
const MISSED_WITHOUT_GATEWAY = 5;

export interface LineReconciliationDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly media: Pick<LocalMediaNode, 'hostedLines' | 'closeLine'>;
  readonly lines: { knows(peerId: string, lineId: string): boolean };
  readonly reportError: ErrorReporter;
}

/**
 * Finds lines on this node that their gateway does not know: the reply to `line_open`, or the notification that
 * closes a line, may have been lost. A line that was unknown twice in a row is closed.
 */
export class LineReconciliation {
  private readonly missed = new MissedCounter();
  private readonly stop: () => void;

  constructor(private readonly deps: LineReconciliationDeps) {
    const { messenger, clock, lines: directory } = deps;
    messenger.onRequest(linesReconcile, async ({ lines }) => ({
      unknown: lines.filter(({ peerId, lineId }) => !directory.knows(peerId, lineId)),
    }));
    this.stop = clock.every(RECONCILE_MS, () => this.reconcile());
  }

  close(): void {
    this.stop();
    this.missed.clear();
  }

  private reconcile(): void {
    const { membership, messenger, media, lines: directory } = this.deps;
    if (!membership.hears) return;
    const hosted = media.hostedLines();
    this.missed.keepOnly(new Set(hosted.map(({ lineId }) => lineId)));
    const byGateway = groupBy(hosted, ({ gateway }) => gateway);
    // A peer who has just moved to another gateway is not known here any more. Their new gateway claims the line.
    const own = byGateway.get(messenger.self) ?? [];
    byGateway.delete(messenger.self);
    const isUnknown = ({ peerId, lineId }: HostedLine): boolean => !directory.knows(peerId, lineId);
    this.judge(own, idsOf(own.filter(isUnknown)), MISSED_WITHOUT_GATEWAY);
    for (const [gateway, lines] of byGateway) {
      if (membership.isReachable(gateway)) void this.reconcileWith(gateway, lines);
      else this.judge(lines, idsOf(lines), MISSED_WITHOUT_GATEWAY);
    }
  }

  private async reconcileWith(gateway: NodeAddress, hosted: readonly HostedLine[]): Promise<void> {
    const lines = hosted.map(({ peerId, lineId }) => ({ peerId, lineId }));
    try {
      const { unknown } = await this.deps.messenger.request(gateway, linesReconcile, { lines });
      this.judge(hosted, idsOf(unknown));
    } catch (error) {
      if (!(error instanceof DomainError)) this.deps.reportError(error, 'lines could not be reconciled');
    }
  }

  private judge(lines: readonly HostedLine[], unknown: ReadonlySet<string>, limit?: number): void {
    for (const { peerId, lineId } of lines) {
      if (this.missed.isLost(lineId, unknown.has(lineId), limit))
        this.deps.media.closeLine({ peerId, lineId });
    }
  }
}

const idsOf = (lines: readonly { readonly lineId: string }[]): Set<string> =>
  new Set(lines.map(({ lineId }) => lineId));
