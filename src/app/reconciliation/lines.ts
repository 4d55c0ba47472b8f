import { DomainError } from '../../domain/error';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { HostedLine } from '../lines/local-media-host';

const AUDIT_MS = 5_000;
/** A line may be so new that its seat has not heard the answer yet; twice in a row it is nobody's. */
const MISSED = 2;
/** The person of a node that is gone has longer: they may come back by another one and bring the line along. */
const MISSED_BY_NOBODY = 5;

export interface LineAuditDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  /** The lines on this node of people who are seated elsewhere, or here. */
  readonly hosted: () => readonly HostedLine[];
  /** Whether this is a line of somebody seated here. */
  readonly knows: (peerId: string, lineId: string) => boolean;
  readonly close: (peerId: string, lineId: string) => void;
}

/**
 * Finds lines that nobody has: an answer to `line_open`, or the word that a line is to be closed, may be lost on its
 * way. Asks the seats of their people now and then.
 *
 * Cascade of `close()`: nobody is asked any more.
 */
export class LineAudit {
  /** In how many audits in a row nobody had the line; by line. */
  private readonly missed = new Map<string, number>();
  private readonly stop: () => void;

  constructor(private readonly deps: LineAuditDeps) {
    deps.messenger.onRequest('lines_reconcile', ({ lines }) =>
      Promise.resolve({ unknown: lines.filter(({ peerId, lineId }) => !deps.knows(peerId, lineId)) }),
    );
    this.stop = deps.clock.every(AUDIT_MS, () => this.audit());
  }

  close(): void {
    this.stop();
    this.missed.clear();
  }

  private audit(): void {
    const { membership, messenger, hosted } = this.deps;
    if (!membership.hears) return;
    const byGateway = new Map<NodeAddress, HostedLine[]>();
    for (const line of hosted()) {
      const there = byGateway.get(line.gateway);
      if (there === undefined) byGateway.set(line.gateway, [line]);
      else there.push(line);
    }
    const ids = new Set([...byGateway.values()].flat().map(({ lineId }) => lineId));
    for (const lineId of this.missed.keys()) if (!ids.has(lineId)) this.missed.delete(lineId);
    // Somebody who was given to another node is known here no more; their new seat speaks up for the line.
    const own = byGateway.get(messenger.self) ?? [];
    byGateway.delete(messenger.self);
    const isUnknown = ({ peerId, lineId }: HostedLine): boolean => !this.deps.knows(peerId, lineId);
    this.judge(own, new Set(own.filter(isUnknown).map(({ lineId }) => lineId)), MISSED_BY_NOBODY);
    for (const [gateway, lines] of byGateway) {
      if (!membership.isKnown(gateway))
        this.judge(lines, new Set(lines.map(({ lineId }) => lineId)), MISSED_BY_NOBODY);
      else void this.ask(gateway, lines);
    }
  }

  private async ask(gateway: NodeAddress, lines: readonly HostedLine[]): Promise<void> {
    const asked = lines.map(({ peerId, lineId }) => ({ peerId, lineId }));
    try {
      const { unknown } = await this.deps.messenger.request(gateway, 'lines_reconcile', { lines: asked });
      this.judge(lines, new Set(unknown.map(({ lineId }) => lineId)), MISSED);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  private judge(lines: readonly HostedLine[], unknown: ReadonlySet<string>, most: number): void {
    for (const { peerId, lineId } of lines) {
      const missed = unknown.has(lineId) ? (this.missed.get(lineId) ?? 0) + 1 : 0;
      if (missed === 0) this.missed.delete(lineId);
      else this.missed.set(lineId, missed);
      if (missed >= most) this.deps.close(peerId, lineId);
    }
  }
}
