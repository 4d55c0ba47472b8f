import { setTimeout as sleep } from 'node:timers/promises';
import type { CallMedia } from '../../src/protocol';
import { TestPerson } from './person';
import { cameraRtp, microphoneRtp, receiver } from './rtp';

/** How long somebody looks for a node that lets them in. */
const PATIENCE_MS = 6_000;

/**
 * Somebody whose client does by itself what ours does (without any media): makes a line and moves it, makes what a call
 * offers, and comes back to another node when theirs sends them on.
 */
export class Wanderer {
  /** What they have heard, over all the sockets they have had. */
  readonly events: string[] = [];
  readonly received = new Set<string>();
  /** Why each socket but the last one was closed. */
  readonly closed: number[] = [];
  readonly domainErrors: string[] = [];
  callId: string | undefined;
  lineId: string | undefined;
  generation = 0;
  private over = false;
  private readonly running: Promise<void>;

  private constructor(
    public person: TestPerson,
    private readonly urls: () => readonly string[],
  ) {
    this.running = this.run();
  }

  /** `urls`: where the nodes are at this moment. */
  static async join(url: string, urls: () => readonly string[]): Promise<Wanderer> {
    return new Wanderer(await TestPerson.join(url), urls);
  }

  async makeLine(): Promise<void> {
    this.lineId = await this.openLine(false);
  }

  async until(test: () => boolean, withinMs = 8_000): Promise<void> {
    for (const end = Date.now() + withinMs; !test(); await sleep(10)) {
      if (Date.now() > end) throw new Error(`it has not come about; heard ${this.events.join(', ')}`);
    }
  }

  /** Says a line of their call, again and again until it is taken. */
  async say(id: string): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(50)) {
      const { callId } = this;
      if (callId === undefined) throw new Error('they are in no call');
      // On a socket that is closed already nothing would ever be answered.
      if (this.person.closed !== undefined && Date.now() < end) continue;
      try {
        await this.person.ask('chat_message', { callId, id, text: id });
        return;
      } catch (error) {
        // A socket that was closed meanwhile is expected; what is refused is not.
        if (!String(error).includes('socket closed')) this.domainErrors.push(String(error));
        if (Date.now() > end) throw error;
      }
    }
  }

  async leave(): Promise<void> {
    this.over = true;
    await this.running;
    this.person.leave();
  }

  private async run(): Promise<void> {
    while (!this.over) {
      for (const { event, data } of this.person.heard.splice(0)) this.heed(event, data);
      if (this.person.closed !== undefined) await this.comeBack();
      await sleep(5);
    }
  }

  private heed(event: string, data: unknown): void {
    this.events.push(event);
    const about = data as { callId: string; lineId: string; id: string; media: CallMedia | null };
    switch (event) {
      case 'partner_found':
        this.callId = about.callId;
        if (about.media !== null) this.answer(about.callId, about.media.generation);
        return;
      case 'call_media':
        this.answer(about.callId, (data as CallMedia).generation);
        return;
      case 'chat_message':
        this.received.add(about.id);
        this.person.tell('message_delivered', { callId: about.callId, id: about.id });
        return;
      case 'line_move':
        if (about.lineId === this.lineId) void this.move(about.lineId).catch(() => undefined);
        return;
      case 'line_lost':
        void this.makeLine().catch(() => undefined);
        return;
    }
  }

  private answer(callId: string, generation: number): void {
    this.generation = generation;
    this.person.tell('call_media_ready', { callId, generation });
  }

  private async move(old: string): Promise<void> {
    this.lineId = await this.openLine(true);
    await sleep(100);
    this.person.tell('line_close', { lineId: old });
  }

  private async openLine(beside: boolean): Promise<string> {
    const { person } = this;
    const { lineId } = await person.ask('line_open', { rtpCapabilities: receiver, makeBeforeBreak: beside });
    const camera = { lineId, source: 'camera', kind: 'video', rtpParameters: cameraRtp() } as const;
    const microphone = {
      lineId,
      source: 'microphone',
      kind: 'audio',
      rtpParameters: microphoneRtp(),
    } as const;
    for (const request of [camera, microphone]) await person.ask('line_produce', request);
    await person.ask('line_ready', { lineId });
    return lineId;
  }

  private async comeBack(): Promise<void> {
    this.closed.push(this.person.closed?.code ?? 0);
    const { resumeToken } = this.person.greeting;
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !this.over; await sleep(50)) {
      for (const url of this.urls()) {
        const next = await TestPerson.join(url, resumeToken).catch(() => undefined);
        if (next === undefined) continue;
        this.events.push(next.greeting.resumed ? 'resumed' : 'forgotten');
        this.person = next;
        return;
      }
    }
    this.events.push('shut out');
    this.over = true;
  }
}
