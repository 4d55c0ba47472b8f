import type { Joined, MediaNode } from '../app/ports/media-node';
import type { MediaCensus, MediaPlane, MediaPlaneEvents, OpenedLine } from '../app/ports/media-plane';
import type { CallMedia, RtpCapabilities, Source } from '../protocol';

/** The media plane of an installation of one node: every line and every joining is on it. */
export class SingleMedia implements MediaPlane {
  /** Which of each person's lines has been said to be ready. */
  private readonly readyLines = new Map<string, string>();
  private readonly generations = new Map<string, number>();
  private events: MediaPlaneEvents = { lineReady: () => undefined, lineLost: () => undefined };
  private generation = 0;

  constructor(private readonly node: MediaNode) {
    node.on({
      lineLost: (personId, lineId) => {
        if (this.readyLines.get(personId) === lineId) this.readyLines.delete(personId);
        this.events.lineLost(personId, lineId);
      },
      pipeLost: () => undefined,
    });
  }

  get routerRtpCapabilities(): RtpCapabilities {
    return this.node.routerRtpCapabilities;
  }

  on(events: MediaPlaneEvents): void {
    this.events = events;
  }

  async openLine(personId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<OpenedLine> {
    this.readyLines.delete(personId);
    const opening = this.node.openLine(personId, rtpCapabilities, maxKbps);
    const { lineId, send, receive, silence } = await opening;
    // A line that became ready meanwhile has been closed for this one.
    this.readyLines.delete(personId);
    return { lineId, send, receive, silence };
  }

  limit(...args: Parameters<MediaPlane['limit']>): void {
    this.node.limit(...args);
  }

  connect(...args: Parameters<MediaPlane['connect']>): ReturnType<MediaPlane['connect']> {
    return this.node.connect(...args);
  }

  produce(...args: Parameters<MediaPlane['produce']>): ReturnType<MediaPlane['produce']> {
    return this.node.produce(...args);
  }

  unproduce(...args: Parameters<MediaPlane['unproduce']>): void {
    this.node.unproduce(...args);
  }

  markReady(personId: string, lineId: string): void {
    // Said again without anything new, it changes nothing: nobody can make a partner's call join anew at will.
    if (!this.node.markReady(personId, lineId)) return;
    this.readyLines.set(personId, lineId);
    this.events.lineReady(personId);
  }

  restartIce(...args: Parameters<MediaPlane['restartIce']>): ReturnType<MediaPlane['restartIce']> {
    return this.node.restartIce(...args);
  }

  closeLine(personId: string, lineId?: string): boolean {
    const isClosed = this.node.closeLine(personId, lineId);
    if (isClosed) this.readyLines.delete(personId);
    return isClosed;
  }

  isReady(personId: string): boolean {
    return this.readyLines.has(personId);
  }

  lineOwners(): readonly string[] {
    return this.node.lineOwners();
  }

  join(
    callId: string,
    personIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    this.generation += 1;
    const joined: Joined = { callId, generation: this.generation, sources };
    this.generations.set(callId, joined.generation);
    return this.node.join(joined, personIds);
  }

  async start(callId: string, generation: number, open: boolean): Promise<void> {
    await this.node.openWay(callId, generation, open);
    await this.node.letFlow(callId, generation, open);
  }

  async open(callId: string): Promise<void> {
    const generation = this.generations.get(callId);
    if (generation !== undefined) await this.start(callId, generation, true);
  }

  part(callId: string): void {
    this.generations.delete(callId);
    this.node.part(callId);
  }

  census(): MediaCensus {
    return this.node.census();
  }

  close(): Promise<void> {
    return this.node.close();
  }
}
