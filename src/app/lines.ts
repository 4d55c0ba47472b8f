import { takeToken } from '../domain/pace';
import { Refusal } from '../domain/refusal';
import type { ClientData, ClientReply } from '../protocol';
import type { CallMediaDirector } from './calls/call-media';
import type { Calls } from './calls/calls';
import type { People } from './people/people';
import { LINE_LIMIT, type Person } from './people/person';
import type { Clock } from './ports/clock';
import type { MediaPlane } from './ports/media-plane';

/** A person's line, from their own requests; keeps the call they are in informed of it. */
export class Lines {
  constructor(
    private readonly people: People,
    private readonly media: MediaPlane,
    private readonly calls: Calls,
    private readonly callMedia: CallMediaDirector,
    private readonly clock: Clock,
  ) {}

  async open(
    person: Person,
    { rtpCapabilities, beside }: ClientData<'line_open'>,
  ): Promise<ClientReply<'line_open'>> {
    const { pace, waitMs } = takeToken(person.lines, LINE_LIMIT, this.clock.now());
    person.lines = pace;
    if (waitMs > 0) throw new Refusal('rate_limited', 'too many new lines', waitMs);
    const { maxKbps } = person.allowance.plan(this.clock.now());
    const line = await this.media.openLine(person.id, rtpCapabilities, maxKbps, beside).finally(() => {
      // An earlier line went with this, whether the new one came about or not; a call on it waits.
      if (!beside) this.callMedia.lineLost(person);
    });
    if (this.people.get(person.id) === person) return line;
    // They left while it was made, so nobody else will close it.
    this.media.closeLine(person.id, line.lineId);
    throw new Refusal('line_missing', 'the person has left');
  }

  async connect(
    person: Person,
    { lineId, direction, dtlsParameters }: ClientData<'line_connect'>,
  ): Promise<void> {
    await this.media.connect(person.id, lineId, direction, dtlsParameters);
  }

  async produce(person: Person, data: ClientData<'line_produce'>): Promise<ClientReply<'line_produce'>> {
    const { lineId, source, kind, rtpParameters } = data;
    return { producerId: await this.media.produce(person.id, lineId, { source, kind, rtpParameters }) };
  }

  unproduce(person: Person, { lineId, source }: ClientData<'line_unproduce'>): void {
    this.media.unproduce(person.id, lineId, source);
  }

  async ready(person: Person, { lineId }: ClientData<'line_ready'>): Promise<void> {
    await this.media.markReady(person.id, lineId);
  }

  async restartIce(
    person: Person,
    { lineId, direction }: ClientData<'line_restart_ice'>,
  ): Promise<ClientReply<'line_restart_ice'>> {
    return { iceParameters: await this.media.restartIce(person.id, lineId, direction) };
  }

  close(person: Person, { lineId }: ClientData<'line_close'>): void {
    if (this.media.closeLine(person.id, lineId)) this.callMedia.lineLost(person);
  }

  /** What the person switched on and off; their partner is told. */
  setState(person: Person, { microphone, camera }: ClientData<'media_state'>): void {
    person.media = { microphone, camera };
    const call = person.session.state === 'in_call' ? this.calls.get(person.session.callId) : undefined;
    if (call !== undefined) this.calls.tellState(call, person);
  }
}
