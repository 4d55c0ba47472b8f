import { auditMessages } from '../../../chaos/audit/messages';
import { metric, recordErrors } from '../../../chaos/audit/records';
import { judgeRooms } from '../../../chaos/audit/rooms';
import type { KnownCall } from '../../../chaos/people/call-history';
import type { SentMessage } from '../../../chaos/people/context';

describe('rooms', () => {
  const room = (id: string, ...users: string[]) => ({ id, users });

  test('O5 a node that does not answer does not count as one without calls', () => {
    const nodes = [
      { node: 'node 1', rooms: [room('1', 'ann', 'bob')] },
      { node: 'node 2', rooms: null },
    ];
    expect(judgeRooms(nodes)).toEqual({
      contradictions: [],
      unanswered: ['the calls of node 2 are unknown'],
    });
    expect(judgeRooms([{ node: 'node 1', rooms: [] }])).toEqual({ contradictions: [], unanswered: [] });
  });

  test('O5 a peer in two calls and a call of two owners are contradictions', () => {
    const nodes = [
      { node: 'node 1', rooms: [room('1', 'ann', 'bob'), room('2', 'cem', 'dan')] },
      { node: 'node 2', rooms: [room('2', 'cem', 'dan'), room('3', 'ann', 'eve')] },
    ];
    expect(judgeRooms(nodes).contradictions).toEqual([
      '2 is owned by node 1 and node 2',
      'ann is in 1 (node 1) and 3 (node 2)',
      'cem is in 2 (node 1) and 2 (node 2)',
      'dan is in 2 (node 1) and 2 (node 2)',
    ]);
  });
});

describe('messages', () => {
  const message = (of: Partial<SentMessage> = {}): SentMessage => ({
    id: 'a',
    callId: '1',
    sender: 'ann',
    acknowledgedAt: 1_000,
    hasArrived: false,
    ...of,
  });
  const receiver = (...together: [from: number, to: number][]): KnownCall => ({
    callId: '1',
    self: 'bob',
    partner: 'ann',
    from: 0,
    to: 30_000,
    together: together.map(([from, to]) => ({ from, to })),
    how: 'goes on',
    instead: null,
  });
  const lostOf = (sent: SentMessage, ...calls: KnownCall[]): number =>
    auditMessages([sent], calls, 5_000).lost.length;

  test('O5 an acknowledged message is lost when its receiver stayed in the call and did not get it', () => {
    expect(lostOf(message(), receiver([0, 6_000]))).toBe(1);
    expect(lostOf(message(), receiver([0, 5_999]))).toBe(0);
  });

  test('O5 the times together after the acknowledgement count, also those after a receiver came back', () => {
    expect(lostOf(message(), receiver([0, 3_000], [10_000, 13_000]))).toBe(1);
    expect(lostOf(message(), receiver([0, 1_000]))).toBe(0);
  });

  test('O5 a message that arrived, or was never acknowledged, is not lost', () => {
    expect(lostOf(message({ hasArrived: true }), receiver([0, 30_000]))).toBe(0);
    expect(lostOf(message({ acknowledgedAt: null }), receiver([0, 30_000]))).toBe(0);
  });

  test("O5 the sender's own state and other calls say nothing about the receiver", () => {
    const sender = { ...receiver([0, 30_000]), self: 'ann', partner: 'bob' };
    const elsewhere = { ...receiver([0, 30_000]), callId: '2' };
    expect(lostOf(message(), sender, elsewhere)).toBe(0);
  });

  test('O5 every message is counted once', () => {
    const sent = [
      message({ hasArrived: true }),
      message(),
      message({ acknowledgedAt: null }),
      message({ callId: '2' }),
    ];
    expect(auditMessages(sent, [receiver([0, 30_000])], 5_000)).toMatchObject({
      sent: 4,
      acknowledged: 3,
      arrived: 1,
      overtaken: 1,
    });
  });
});

describe('records', () => {
  test('O5 a metric that is missing does not pass for zero', () => {
    const metrics =
      '# HELP passerby_records_lost Changes\npasserby_records_lost 2\npasserby_records_lost_more 5\n';
    expect(metric(metrics, 'passerby_records_lost')).toBe(2);
    expect(() => metric(metrics, 'passerby_records')).toThrow('there is no metric passerby_records');
  });

  test('O5 errors about records are counted, those that were only late apart, and no others', () => {
    const logged = new Map([
      ['a call could not be recorded: disk full', 2],
      ['a call could not be recorded: the records cannot be reached: not kept within 5000 ms', 4],
      ['records are written late: the store and the disk do not keep up', 2],
      ['records of lost calls could not be ended', 1],
      ['a media worker died', 7],
    ]);
    expect(recordErrors(logged)).toEqual({ late: 6, others: 3 });
  });
});
