import type {
  CallMedia,
  ClientEventName,
  ClientInput,
  ClientReply,
  ServerData,
  ServerMessage,
} from '../../src/protocol';
import type { ChaosNode } from '../nodes/chaos-node';
import { Itinerary } from './itinerary';
import { RealLines } from './real-line';
import { WayBack } from './way-back';
import { Refused, Wire, codeOf } from './wire';
import { Heard, isSmallTalk, wordsOf, type AboutCall } from './words';
import { LONG_AWAY_MS, type World } from './world';

/** How long a dropped person takes to try again. */
const BACK_MS = { least: 200, more: 300 };

export type Phase = 'idle' | 'searching' | 'call';

/** One person, as the client has them: what they want, what they were told, and how they come back. */
export class Wanderer {
  readonly itinerary = new Itinerary();
  readonly lines: RealLines | undefined;
  phase: Phase = 'idle';
  /** The call is open: both have said yes. */
  isOpen = false;
  /** The node that has greeted this socket; undefined without a connection. */
  at: ChaosNode | undefined;
  /** When `waiting_for_partner` was last heard. */
  waitedAt = 0;
  /** Ids of own messages that have arrived. */
  readonly arrived = new Set<string>();
  /** The last things heard, for whoever has to find out why they are stuck. */
  readonly heard = new Heard();
  id = 'nobody yet';
  readonly wayBack: WayBack;
  private wire: Wire | undefined;
  private resumeToken: string | undefined;
  private cookie: string | undefined;
  private wanted = false;
  private isGreeted = false;
  private leftCall: string | undefined;
  /** The server could not be told that they search. */
  private unheard = false;
  private owed: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private said = 0;
  private hasLeft = false;

  constructor(
    readonly name: string,
    readonly random: () => number,
    private readonly world: World,
    private readonly hasMedia: boolean,
  ) {
    this.wayBack = new WayBack(world);
    if (hasMedia && world.pictures !== undefined) this.lines = new RealLines(this, world.pictures);
  }

  connect(): void {
    if (this.hasLeft || this.wire !== undefined) return;
    const node = this.world.pick(this.random);
    if (node === undefined) {
      this.comeBackSoon();
      return;
    }
    const { resumeToken, cookie } = this;
    const isCurrent = (): boolean => this.wire === wire;
    const wire: Wire = new Wire(
      node.wsUrl,
      { resumeToken, cookie },
      {
        message: (message) => {
          if (isCurrent()) this.receive(message, node);
        },
        violation: (words) => this.world.tally.violations.push(`${this.name}: ${words}`),
        refused: (code, event) => {
          this.heard.note(`error ${code} to ${event}`);
          this.world.tally.refused(code, event);
        },
        closed: (code) => {
          if (isCurrent()) this.disconnected(code);
        },
      },
    );
    this.wire = wire;
  }

  tell<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    if (!isSmallTalk(event)) this.heard.note(`      tells ${event}`);
    if (this.at !== undefined) this.wire?.tell(event, data);
  }

  ask<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    if (this.at === undefined || this.wire === undefined)
      return Promise.reject(new Refused('disconnected', event));
    if (!isSmallTalk(event)) this.heard.note(`      asks ${event}`);
    return this.wire.ask(event, data);
  }

  /** Their node is about to be killed. */
  strike(at: number): void {
    if (this.at === undefined || (this.phase === 'idle' && !this.wayBack.isOn)) return;
    this.wayBack.begin(at);
  }

  /** Asked again of the next node where this one has not answered. */
  private owe<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.ask(event, data).catch((error: unknown) => {
      if (codeOf(error) === 'disconnected') this.owed.push(() => this.owe(event, data));
    });
  }

  find(): void {
    this.wanted = true;
    this.phase = 'searching';
    this.world.tally.searches += 1;
    this.unheard = false;
    const askedAt = Date.now();
    const mode = this.hasMedia ? 'video' : 'text';
    this.ask('find_partner', { mode, blurFirst: this.random() < 0.3, agreed: true }).catch(
      (error: unknown) => {
        this.unheard = codeOf(error) === 'disconnected';
        if (this.unheard || this.phase !== 'searching' || this.waitedAt >= askedAt) return;
        this.phase = 'idle';
        // The server knows them to be doing something that they know nothing of: what they see is of no use any more.
        if (codeOf(error) === 'not_idle') this.reload();
      },
    );
  }

  cancel(): void {
    this.wayBack.leave();
    this.wanted = false;
    this.phase = 'idle';
    this.owe('cancel_search', {});
  }

  next(): void {
    const callId = this.endHere('next');
    if (callId === undefined) return;
    this.phase = 'searching';
    this.unheard = false;
    const askedAt = Date.now();
    this.ask('next_partner', { callId }).catch((error: unknown) => {
      const code = codeOf(error);
      if (code === 'disconnected') this.owe('next_partner', { callId });
      else if (code !== 'no_call' && code !== 'stale_call') return;
      else if (this.phase === 'searching' && this.waitedAt < askedAt) this.find();
    });
  }

  leaveCall(): void {
    const callId = this.endHere('left');
    if (callId === undefined) return;
    this.wayBack.leave();
    this.wanted = false;
    this.phase = 'idle';
    this.owe('leave_room', { callId });
  }

  /** Writes to the partner; the id of what was written. */
  say(): string | undefined {
    const { callId } = this.itinerary;
    if (callId === undefined) return undefined;
    this.said += 1;
    const id = `${this.name}-${this.said}`;
    this.world.tally.messages += 1;
    this.ask('chat_message', { callId, id, text: `message ${this.said}` }).catch(() => undefined);
    return id;
  }

  setTyping(typing: boolean): void {
    const { callId } = this.itinerary;
    if (callId !== undefined) this.tell('typing', { callId, typing });
  }

  /** The network goes away. */
  drop(): void {
    this.wayBack.leave();
    this.world.tally.drops += 1;
    this.wire?.drop();
  }

  /** The page is loaded again: all it keeps is who they are. */
  reload(): void {
    this.world.tally.reloads += 1;
    this.wonder('refused as not idle, and so loaded again');
    this.itinerary.ended('reloaded');
    this.phase = 'idle';
    this.isGreeted = false;
    this.leftCall = undefined;
    this.wire?.close(1001);
  }

  /** Says good-bye and comes as somebody else. */
  startOver(): void {
    this.goodBye();
    this.resumeToken = undefined;
    this.cookie = undefined;
    this.isGreeted = false;
    this.comeBackSoon();
  }

  /** Leaves for good. */
  close(): void {
    this.hasLeft = true;
    this.lines?.close();
    this.goodBye();
  }

  describe(): string {
    const { callId, partner } = this.itinerary;
    const open = this.isOpen ? '' : ' (not open)';
    const call = callId === undefined ? '' : ` in ${callId} with ${partner ?? '?'}${open}`;
    const owed = (this.wire?.unanswered() ?? []).map(({ event, ms }) => `, ${event} unanswered for ${ms} ms`);
    return `${this.name} = ${this.id}, ${this.phase}${call}, at ${this.at?.name ?? 'no node'}${owed.join('')}`;
  }

  private goodBye(): void {
    this.itinerary.ended('good-bye');
    this.phase = 'idle';
    this.wanted = false;
    this.wayBack.leave();
    clearTimeout(this.timer);
    const { wire } = this;
    this.wire = undefined;
    this.at = undefined;
    this.owed = [];
    wire?.close(1000);
  }

  /** Ends the call on this side; what is still said of it is no longer heard. */
  private endHere(how: string): string | undefined {
    const { callId } = this.itinerary;
    if (callId === undefined) return undefined;
    this.leftCall = callId;
    this.itinerary.ended(how);
    this.lines?.part();
    return callId;
  }

  private disconnected(code: number): void {
    this.heard.note(`closed ${code}`);
    this.cookie = this.wire?.cookie;
    this.wire = undefined;
    this.at = undefined;
    this.itinerary.apart();
    if (code === 4006) {
      this.world.tally.replaced += 1;
      this.wonder('closed as replaced, though nobody else came');
    }
    this.comeBackSoon();
  }

  private comeBackSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), BACK_MS.least + this.random() * BACK_MS.more);
  }

  private receive(message: ServerMessage, node: ChaosNode): void {
    if (message.event !== 'stats') this.heard.note(`${wordsOf(message)} from ${node.name}`);
    switch (message.event) {
      case 'connected':
        return this.greeted(message.data, node);
      case 'waiting_for_partner':
        return this.waiting();
      case 'search_ended':
        this.world.tally.searchesEnded += 1;
        this.phase = 'idle';
        return;
      case 'partner_found':
        return this.found(message.data);
      case 'line_lost':
        this.world.tally.linesLost += 1;
        return this.lines?.lost(message.data.lineId);
      case 'error':
        return this.world.tally.refused(message.data.code, message.data.event ?? 'nothing');
      case 'stats':
      case 'notice':
      case 'line_move':
        return;
      default:
        if (message.data.callId === this.itinerary.callId) this.aboutCall(message);
    }
  }

  private aboutCall(message: AboutCall): void {
    switch (message.event) {
      case 'call_open':
        this.isOpen = true;
        return;
      case 'call_media':
        void this.join(message.data.callId, message.data);
        return;
      case 'partner_state':
        if (message.data.present) this.itinerary.together();
        else this.itinerary.apart();
        return;
      case 'partner_reconnecting':
        return this.itinerary.apart();
      case 'partner_disconnected':
        this.itinerary.ended(`told ${message.data.reason}`);
        this.lines?.part();
        this.phase = 'idle';
        if (this.wayBack.isOn) this.find();
        return;
      case 'chat_message':
        return this.read(message.data);
      case 'message_status':
        if (message.data.status === 'sent' || this.arrived.has(message.data.id)) return;
        this.arrived.add(message.data.id);
        this.world.tally.delivered += 1;
    }
  }

  private greeted(data: ServerData<'connected'>, node: ChaosNode): void {
    if (data.resumed) this.world.tally.resumes += 1;
    else if (this.resumeToken !== undefined) {
      this.world.tally.forgotten += 1;
      this.wonder('not known again');
    }
    this.at = node;
    this.id = data.userId;
    this.resumeToken = data.resumeToken;
    const owed = this.owed.splice(0);
    if (data.resumed) for (const send of owed) send();
    this.lines?.greeted(data);
    const { session } = data;
    if (session.state === 'idle') this.wayBack.lost();
    if (this.phase === 'call' && session.callId !== this.itinerary.callId) {
      this.itinerary.ended('over when back');
      this.lines?.part();
      this.phase = 'idle';
      if (this.wayBack.isOn && session.state === 'idle') this.find();
    } else if (this.phase === 'searching' && (session.state === 'idle' || this.isLeaving(session.callId)))
      this.find();
    else if (this.phase === 'idle' && session.state !== 'idle' && !this.isGreeted) this.wanted = true;
    this.isGreeted = true;
  }

  /** The node has not heard yet that this call was left, nor of the search that was begun after that. */
  private isLeaving(callId: string | null): boolean {
    return callId === this.leftCall && this.unheard;
  }

  private waiting(): void {
    if (!this.wanted) return;
    this.itinerary.ended('told to wait');
    this.phase = 'searching';
    this.waitedAt = Date.now();
    this.returned('queue');
  }

  private found(data: ServerData<'partner_found'>): void {
    const { callId, partner, accept, media } = data;
    if (callId === this.leftCall) return;
    if (!this.wanted) {
      this.owe('leave_room', { callId });
      return;
    }
    const isNew = callId !== this.itinerary.callId;
    this.itinerary.found(callId, this.id, partner.id);
    this.phase = 'call';
    this.isOpen = accept === null;
    this.returned('call');
    if (isNew) this.lines?.part();
    if (accept?.you === false) setTimeout(() => this.accept(callId), 100 + this.random() * 700).unref();
    if (media !== null) void this.join(callId, media);
  }

  private accept(callId: string): void {
    if (this.itinerary.callId !== callId) return;
    this.owe('accept_partner', { callId });
  }

  private async join(callId: string, media: CallMedia): Promise<void> {
    if (this.lines === undefined || !(await this.lines.join(media))) return;
    if (this.itinerary.callId !== callId) return;
    this.world.tally.joins += 1;
    this.ask('call_media_ready', { callId, generation: media.generation }).catch(() => undefined);
  }

  private read({ callId, id }: ServerData<'chat_message'>): void {
    this.itinerary.together();
    this.tell('message_delivered', { callId, id });
    if (this.random() < 0.5) this.tell('message_read', { callId, id });
  }

  private returned(to: 'queue' | 'call'): void {
    const ms = this.wayBack.arrived(to);
    if (ms > LONG_AWAY_MS) this.wonder(`back only ${ms} ms after their node was killed`);
  }

  private wonder(words: string): void {
    this.world.tally.oddities.push(`${this.describe()}: ${words}${this.heard.lately()}`);
  }
}
