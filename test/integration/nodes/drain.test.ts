import { describeWithRedis } from '../../support/redis';
import { Installation } from '../../support/nodes';
import { TestPerson } from '../../support/person';
import { eventually } from '../../support/eventually';
import { CLOSE } from '../../../src/protocol';

/** Somebody whose client answers `continue on another node` as ours does. */
class Wanderer {
  private constructor(
    public person: TestPerson,
    private readonly urls: () => readonly string[],
  ) {}

  static async join(url: string, urls: () => readonly string[]): Promise<Wanderer> {
    return new Wanderer(await TestPerson.join(url), urls);
  }

  /** Waits until they are sent on, and comes back to the first node that lets them in. */
  async moveOn(): Promise<void> {
    expect(await this.person.untilClosed(15_000)).toEqual(CLOSE.moving);
    const { resumeToken, userId } = this.person.greeting;
    const before = this.person;
    for (const url of this.urls()) {
      const next = await TestPerson.join(url, resumeToken).catch(() => undefined);
      if (next === undefined) continue;
      this.person = next;
      next.heard.unshift(...before.heard);
      expect(next.greeting).toMatchObject({ userId, resumed: true });
      return;
    }
    throw new Error('no node lets them in');
  }
}

describeWithRedis('a node that is emptied', () => {
  let nodes: Installation;
  const people: Wanderer[] = [];
  const join = async (index: number): Promise<Wanderer> => {
    const one = await Wanderer.join(nodes.node(index).wsUrl, () => nodes.nodes.map(({ wsUrl }) => wsUrl));
    people.push(one);
    return one;
  };
  const pair = async (first: number, second: number): Promise<[Wanderer, Wanderer, string]> => {
    const [one, other] = [await join(first), await join(second)];
    await one.person.find();
    await other.person.find();
    const { callId } = await one.person.next('partner_found');
    expect((await other.person.next('partner_found')).callId).toBe(callId);
    return [one, other, callId];
  };
  const talk = async (from: Wanderer, to: Wanderer, callId: string, id: string): Promise<void> => {
    await from.person.ask('chat_message', { callId, id, text: id });
    await to.person.next('chat_message', (line) => line.id === id);
  };
  const asked = (index: number, method: string): Promise<Response> =>
    fetch(`${nodes.node(index).url}/videochat/drain`, {
      method,
      headers: { authorization: `Bearer ${nodes.node(index).operatorToken}` },
    });

  beforeAll(async () => {
    nodes = await Installation.start(3);
  });
  afterAll(() => nodes.close());
  afterEach(async () => {
    for (const { person } of people.splice(0)) {
      expect(person.violations).toEqual([]);
      person.leave();
    }
    for (const index of nodes.nodes.keys()) await asked(index, 'DELETE');
    await eventually(() => nodes.nodes.every(({ parts }) => [...parts.peers.all()].length === 0));
    await eventually(() => nodes.nodes.every(({ parts }) => parts.calls.size === 0));
  });

  test.each([
    [0, 1],
    [1, 0],
    [0, 0],
    [1, 2],
  ])('V9 a call of people on nodes %i and %i goes on when node 0 is emptied', async (first, second) => {
    const [one, other, callId] = await pair(first, second);
    const moving = [one, other].filter((_, index) => [first, second][index] === 0);
    expect((await asked(0, 'POST')).status).toBe(200);
    await Promise.all(moving.map((who) => who.moveOn()));
    await talk(one, other, callId, 'there');
    await talk(other, one, callId, 'back');
    await eventually(async () => {
      const left: unknown = await (await asked(0, 'POST')).json();
      return JSON.stringify(left) === JSON.stringify({ draining: true, people: 0, lines: 0, calls: 0 });
    });
    await talk(one, other, callId, 'still there');
    await talk(other, one, callId, 'still back');
    // Nobody was told of any of it.
    for (const { person } of [one, other]) {
      expect(person.heard.map(({ event }) => event)).not.toContain('partner_reconnecting');
      expect(person.heard.map(({ event }) => event)).not.toContain('partner_disconnected');
    }
    expect(nodes.nodes.slice(1).reduce((sum, { parts }) => sum + parts.calls.size, 0)).toBe(1);
    await one.person.ask('leave_room', { callId });
    expect(await other.person.next('partner_disconnected')).toMatchObject({ callId, reason: 'left' });
  });
});
