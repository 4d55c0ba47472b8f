import type { NodeAddress } from '../../ports/bus';
import type { MediaNode } from '../../ports/media-node';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import type { LineHost } from './line-host';
import { remotePeer } from './remote-host';

export interface HostedLine {
  readonly personId: string;
  readonly lineId: string;
  /** Where the line's person is seated. */
  readonly seat: NodeAddress;
}

interface Seated {
  readonly lineId: string;
  readonly seat: NodeAddress;
}

export interface LocalHostDeps {
  readonly media: MediaNode;
  readonly switchboard: Switchboard;
  readonly members: Members;
  /** A line of somebody seated here is gone. */
  readonly lineLost: (personId: string, lineId: string) => void;
}

/**
 * This node as a place for lines, its own people's and others'. Keeps on which node each line's person is seated:
 * there a loss is told. Lines that nobody has any more are found by `LineAudit`.
 */
export class LocalHost {
  private readonly seated = new Map<string, Seated>();

  constructor(private readonly deps: LocalHostDeps) {
    const { switchboard } = deps;
    deps.media.on({
      lineLost: (personId, lineId) => this.lost(personId, lineId),
      pipeLost: (node, pipeId) => switchboard.tell(node, 'pipe_close', { pipeId }),
      // Which node is the call's home by now, this one need not know.
      joiningBroken: (callId, generation) =>
        void switchboard.tellAll('call_broken', { callId, generation }).catch(() => undefined),
    });
    deps.members.on({ died: (node) => deps.media.forgetNode(node) });
    this.answer();
  }

  /** As the node `seat` uses it; lines opened through it are of people who are seated there. */
  for(seat: NodeAddress): LineHost {
    const { media, switchboard } = this.deps;
    return {
      openLine: async (personId, rtpCapabilities, maxKbps) => {
        const line = await media.openLine(personId, rtpCapabilities, maxKbps);
        this.seated.set(personId, { lineId: line.lineId, seat });
        return line;
      },
      connect: (...request) => media.connect(...request),
      produce: (...request) => media.produce(...request),
      unproduce: (...request) => media.unproduce(...request),
      markReady: async (personId, lineId) => media.markReady(personId, lineId),
      restartIce: (...request) => media.restartIce(...request),
      limit: (personId, maxKbps) => media.limit(personId, maxKbps),
      closeLine: (personId, lineId) => this.closeLine(personId, lineId),
      seat: async (personId, lineId) => this.reseat(personId, lineId, seat),
      join: (joined, personIds, other) =>
        other === null
          ? media.join(joined, personIds)
          : media.joinAcross(
              joined,
              personIds[0],
              { personId: personIds[1], ...other },
              remotePeer(switchboard, other.node),
            ),
      openWay: (...request) => media.openWay(...request),
      letFlow: (...request) => media.letFlow(...request),
      part: (callId, generation) => media.part(callId, generation),
    };
  }

  hosted(): HostedLine[] {
    return [...this.seated].map(([personId, { lineId, seat }]) => ({ personId, lineId, seat }));
  }

  closeLine(personId: string, lineId: string): void {
    if (this.seated.get(personId)?.lineId === lineId) this.seated.delete(personId);
    this.deps.media.closeLine(personId, lineId);
  }

  private reseat(personId: string, lineId: string, seat: NodeAddress): boolean {
    if (this.seated.get(personId)?.lineId !== lineId) return false;
    this.seated.set(personId, { lineId, seat });
    return true;
  }

  private lost(personId: string, lineId: string): void {
    const { switchboard, lineLost } = this.deps;
    const seat = this.seated.get(personId)?.seat;
    this.seated.delete(personId);
    if (seat === undefined || seat === switchboard.self) lineLost(personId, lineId);
    else switchboard.tell(seat, 'line_lost', { personId, lineId });
  }

  /** What other nodes ask of this one's media. */
  private answer(): void {
    const { media, switchboard } = this.deps;
    switchboard.onTell('line_limit', ({ personId, maxKbps }) => media.limit(personId, maxKbps));
    switchboard.onTell('line_close', ({ personId, lineId }) => this.closeLine(personId, lineId));
    switchboard.onTell('line_unproduce', ({ personId, lineId, source }) =>
      media.unproduce(personId, lineId, source),
    );
    switchboard.onTell('call_part', ({ callId, generation }) => media.part(callId, generation));
    switchboard.onTell('pipe_close', ({ pipeId }) => void media.closePipe(pipeId));
    switchboard.onAsk('line_open', ({ personId, rtpCapabilities, maxKbps }, from) =>
      this.for(from).openLine(personId, rtpCapabilities, maxKbps),
    );
    switchboard.onAsk('line_connect', async ({ personId, lineId, direction, dtlsParameters }) => {
      await media.connect(personId, lineId, direction, dtlsParameters);
      return {};
    });
    switchboard.onAsk('line_produce', async ({ personId, lineId, ...request }) => ({
      producerId: await media.produce(personId, lineId, request),
    }));
    switchboard.onAsk('line_ready', async ({ personId, lineId }) => ({
      changed: media.markReady(personId, lineId),
    }));
    switchboard.onAsk('line_restart_ice', async ({ personId, lineId, direction }) => ({
      iceParameters: await media.restartIce(personId, lineId, direction),
    }));
    switchboard.onAsk('line_seat', async ({ personId, lineId }, from) => ({
      known: this.reseat(personId, lineId, from),
    }));
    this.answerJoining();
  }

  private answerJoining(): void {
    const { media, switchboard } = this.deps;
    switchboard.onAsk('call_join', async ({ personIds, other, ...joined }, from) => {
      return { media: [...(await this.for(from).join(joined, personIds, other))] };
    });
    switchboard.onAsk('call_open_way', async ({ callId, generation, sound }) => {
      await media.openWay(callId, generation, sound);
      return {};
    });
    switchboard.onAsk('call_let_flow', async ({ callId, generation, sound }) => {
      await media.letFlow(callId, generation, sound);
      return {};
    });
    switchboard.onAsk('pipe_open', (request, from) => media.openPipe({ ...request, from }));
    switchboard.onAsk('half_lay', async (request) => {
      const { media: own, outgoing } = await media.layHalf(request);
      return { media: own, outgoing: [...outgoing] };
    });
  }
}
