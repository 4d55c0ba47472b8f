import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import { CallBridges } from '../app/lines/call-bridges';
import { LineDirectory } from '../app/lines/line-directory';
import { hostLines } from '../app/lines/line-hosting';
import { LinePlacement } from '../app/lines/line-placement';
import { LineRequests } from '../app/lines/line-requests';
import type { LocalMediaNode } from '../app/lines/media-node';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Clock } from '../app/ports/clock';
import type { Config } from '../config';

export interface WireLinesDeps {
  readonly config: Pick<Config, 'cluster'>;
  readonly media: LocalMediaNode;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly clock: Clock;
}

/** The lines of peers and the bridges of calls, on whichever nodes they are. */
export function wireLines({ config, media, messenger, membership, peers, clock }: WireLinesDeps) {
  const nodes = hostLines({ media, messenger, membership });
  const placement = new LinePlacement({ membership, clock, region: config.cluster.region });
  const lines = new LineDirectory({ nodes, placement, messenger, membership, clock });
  const bridges = new CallBridges({ nodes, lines, messenger, clock });
  const lineRequests = new LineRequests({ peers, lines, clock });
  return {
    lines,
    bridges,
    lineRequests,
    /** Cascade: bridges, lines, then the media of this node. */
    closeLines: async (): Promise<void> => {
      bridges.closeAll();
      lines.closeAll();
      await media.close();
    },
  };
}
