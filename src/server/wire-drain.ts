import type { Calls } from '../app/calls/calls';
import type { CallHandover } from '../app/calls/handover';
import { Drain, type DrainFlag } from '../app/cluster/drain';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { LineDirectory } from '../app/lines/line-directory';
import { LineDrain } from '../app/lines/line-drain';
import type { LocalMediaNode } from '../app/lines/media-node';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { PeerDrain } from '../app/transfer/peer-drain';

export interface WireDrainDeps {
  readonly drainFlag: DrainFlag;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly media: LocalMediaNode;
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly calls: Calls;
  /** Undefined on a single node. */
  readonly callHandover: CallHandover | undefined;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How this node is drained: lines first, then peers, then calls. */
export function wireDrain(deps: WireDrainDeps): Drain {
  const { drainFlag, messenger, membership, media, peers, lines, calls, callHandover, clock } = deps;
  return new Drain({
    flag: drainFlag,
    membership,
    stages: [
      new LineDrain({ media, lines, peers, messenger, clock }),
      new PeerDrain({ peers, calls, lines, messenger, clock }),
      ...(callHandover === undefined ? [] : [callHandover]),
    ],
    remaining: () => ({
      peers: [...peers.all()].length,
      lines: media.stats().lines,
      calls: calls.size,
    }),
    clock,
    reportError: deps.reportError,
  });
}
