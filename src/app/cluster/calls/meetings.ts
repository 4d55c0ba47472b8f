import { randomUUID } from 'node:crypto';
import { Refusal } from '../../../domain/refusal';
import type { Ticket } from '../../../domain/pairing';
import type { People } from '../../people/people';
import type { NodeAddress } from '../../ports/bus';
import type { Lobby } from '../../search/lobby';
import type { AskData, DelegateState, TicketStub } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Switchboard } from '../switchboard';
import type { AwayCalls } from './away-calls';
import { delegateState } from './delegate';
import type { HomeCalls } from './home-calls';

export interface MeetingsDeps {
  readonly switchboard: Switchboard;
  readonly lobby: Lobby;
  readonly people: People;
  readonly media: ClusterMedia;
  readonly awayCalls: AwayCalls;
  readonly homeCalls: HomeCalls;
  readonly fault: (error: unknown, words: string) => void;
}

/** How long the other seat may take to give its person; whoever waits here goes back into the queue then. */
const TAKE_MS = 1_500;

/**
 * From the claim to the call, where the two are seated on different nodes. The director of the shard tells the node that
 * is to be the call's home: the seat of one of the two. That node takes the other one from their seat, and opens the
 * call. A seat gives each person once, and only while they still seek with the ticket that was claimed; so nobody is
 * ever in two calls, whatever is told twice or too late.
 */
export class Meetings {
  constructor(private readonly deps: MeetingsDeps) {
    const { switchboard, lobby } = deps;
    switchboard.onAsk('call_open', async ({ tickets }) => {
      await this.open(tickets);
      return {};
    });
    switchboard.onAsk('member_take', async (asked, from) => this.give(asked, from));
    switchboard.onTell('ticket_freed', ({ ticketId, personId }) => lobby.freed({ id: ticketId, personId }));
    switchboard.onTell('ticket_expired', ({ ticketId, personId }) =>
      lobby.expire({ id: ticketId, personId }),
    );
    switchboard.onTell('step_reached', ({ ticketId, personId, step }) =>
      lobby.stepReached({ id: ticketId, personId }, step),
    );
  }

  /** The director's word: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const { switchboard, lobby, fault } = this.deps;
    const { self } = switchboard;
    const [one, other] = tickets.map((ticket) => this.stub(ticket));
    if (one === undefined || other === undefined) return;
    if (one.node === self && other.node === self) {
      lobby.matched(tickets);
      return;
    }
    const stubs: [TicketStub, TicketStub] = [one, other];
    if (one.node === self || other.node === self) {
      this.open(stubs).catch((error: unknown) => fault(error, 'a call could not be opened'));
      return;
    }
    switchboard.ask(one.node, 'call_open', { tickets: stubs }).catch(() => {
      // That node may be dying; if it opened the call after all, it has taken the other one, who is not freed by this.
      this.free(one);
      this.free(other);
    });
  }

  stepReached(ticket: Ticket, step: number): void {
    const { switchboard, lobby } = this.deps;
    const { id, personId, node } = this.stub(ticket);
    if (node === switchboard.self) lobby.stepReached(ticket, step);
    else switchboard.tell(node, 'step_reached', { ticketId: id, personId, step });
  }

  expiredElsewhere(ticket: Ticket): void {
    const { id, personId, node } = this.stub(ticket);
    this.deps.switchboard.tell(node, 'ticket_expired', { ticketId: id, personId });
  }

  /** This node is to be the home of a call of these two, of whom at least one is seated here. */
  private async open(tickets: readonly [TicketStub, TicketStub]): Promise<void> {
    const { switchboard, lobby } = this.deps;
    const [one, other] = tickets;
    if (one.node === switchboard.self && other.node === switchboard.self) {
      const seekers = tickets.map((ticket) => lobby.seekerWith(ticket));
      const [first, second] = seekers;
      if (first !== undefined && second !== undefined) lobby.meet([first, second]);
      else for (const ticket of tickets) lobby.freed(ticket);
      return;
    }
    const [mine, theirs] = one.node === switchboard.self ? [one, other] : [other, one];
    const callId = randomUUID();
    const taken = await this.take(mine, theirs, callId);
    const seeker = lobby.seekerWith(mine);
    if (taken === null || seeker === undefined) {
      lobby.freed(mine);
      if (taken !== null) this.release(theirs, callId);
      return;
    }
    const person = this.deps.homeCalls.admit(taken, theirs.node, callId);
    const { wishes, since } = taken;
    lobby.meet([seeker, { person, wishes, ticket: { mode: theirs.mode, since } }], callId);
  }

  /** The other one, given by their seat; null when they seek no more, or nobody can be asked. */
  private async take(mine: TicketStub, theirs: TicketStub, callId: string): Promise<DelegateState | null> {
    const { switchboard, lobby } = this.deps;
    const seeker = lobby.seekerWith(mine);
    if (seeker === undefined) {
      this.free(theirs);
      return null;
    }
    const { id, name } = seeker.person;
    const asked = { ticketId: theirs.id, personId: theirs.personId, callId, partner: { id, name } };
    try {
      return await switchboard.ask(theirs.node, 'member_take', asked, TAKE_MS);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // An answer that was lost on its way may have been a yes.
      this.release(theirs, callId);
      return null;
    }
  }

  /** Gives the person to the home of their new call: from here on they are in it. */
  private give(
    { ticketId, personId, callId, partner }: AskData<'member_take'>,
    home: NodeAddress,
  ): DelegateState {
    const { lobby, media, awayCalls } = this.deps;
    const seeker = lobby.seekerWith({ id: ticketId, personId });
    if (seeker === undefined) throw new Refusal('not_searching', 'they seek no more');
    const { person, wishes } = seeker;
    const { since } = seeker.ticket;
    awayCalls.enter({ callId, person, partner, wishes, since, home });
    person.session = { state: 'in_call', wishes, callId, since, elsewhere: home };
    return delegateState(person, { wishes, since }, media.lineOf(person.id));
  }

  private release({ personId, node }: TicketStub, callId: string): void {
    this.deps.switchboard.tell(node, 'member_put_back', { callId, personId });
  }

  private free({ id, personId, node }: TicketStub): void {
    const { switchboard, lobby } = this.deps;
    if (node === switchboard.self) lobby.freed({ id, personId });
    else switchboard.tell(node, 'ticket_freed', { ticketId: id, personId });
  }

  private stub({ id, personId, since, mode, node }: Ticket): TicketStub {
    return { id, personId, since, mode, node: node ?? this.deps.switchboard.self };
  }
}
