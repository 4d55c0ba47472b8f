import { auditPairings } from '../../../chaos/audit/pairings';
import { CallHistory } from '../../../chaos/people/call-history';

/** The call histories of several clients. */
class Histories {
  private readonly histories = new Map<string, CallHistory>();

  of(name: string): CallHistory {
    const known = this.histories.get(name) ?? new CallHistory();
    this.histories.set(name, known);
    return known;
  }

  meet(callId: string, one: string, other: string, at: number): void {
    this.of(one).found(callId, one, other, at);
    this.of(other).found(callId, other, one, at);
  }

  audit(now = 60_000, latenessMs = 0): ReturnType<typeof auditPairings> {
    return auditPairings(
      [...this.histories.values()].flatMap((history) => history.calls(now)),
      latenessMs,
    );
  }
}

test('O5 peers that meet one after the other are in one call each', () => {
  const histories = new Histories();
  histories.meet('1', 'ann', 'bob', 0);
  histories.of('ann').ended('next', 5_000);
  histories.of('bob').ended('histories next', 5_100);
  histories.meet('2', 'ann', 'cem', 5_050);
  expect(histories.audit()).toMatchObject({
    calls: 2,
    doubles: [],
    disagreements: [],
    lateEnds: [],
    oneSided: 0,
  });
});

test('O5 a late end is recorded, and one that is later than the machine makes it is a double match', () => {
  const late = new Histories();
  late.meet('1', 'ann', 'bob', 0);
  late.of('ann').ended('next', 5_000);
  late.meet('2', 'ann', 'cem', 5_000);
  late.of('bob').ended('histories lost', 6_900);
  expect(late.audit()).toMatchObject({ doubles: [], lateEnds: [{ ms: 1_900 }] });
  late.of('ann').ended('next', 10_000);
  late.meet('3', 'ann', 'dan', 10_000);
  late.of('cem').ended('histories lost', 12_300);
  expect(late.audit(60_000, 100).doubles).toEqual([]);
  expect(late.audit(60_000, 10).doubles).toHaveLength(1);

  const never = new Histories();
  never.meet('1', 'ann', 'bob', 0);
  never.of('ann').ended('next', 5_000);
  never.meet('2', 'ann', 'cem', 5_000);
  expect(never.audit().doubles).toHaveLength(1);
});

test('O5 a client that knows its partner is away does not count as together with it', () => {
  const histories = new Histories();
  histories.meet('1', 'ann', 'bob', 0);
  histories.of('bob').apart(4_000);
  histories.of('ann').ended('over when back', 5_000);
  histories.meet('2', 'ann', 'cem', 5_000);
  histories.of('bob').ended('histories lost', 20_000);
  expect(histories.audit()).toMatchObject({ doubles: [], lateEnds: [] });
});

test('O5 a client to whom the server is silent does not claim to be with its partner, until it speaks again', () => {
  const histories = new Histories();
  histories.meet('1', 'ann', 'bob', 0);
  histories.of('bob').inDoubt(true, 6_000);
  histories.of('ann').ended('next', 5_000);
  histories.meet('2', 'ann', 'cem', 5_000);
  expect(histories.audit().doubles).toEqual([]);
  histories.of('bob').inDoubt(false, 30_000);
  expect(histories.audit().doubles).toHaveLength(1);
});

test('O5 a client put into a second call without the end of the first is in two, at once', () => {
  const histories = new Histories();
  histories.meet('1', 'ann', 'bob', 0);
  histories.meet('2', 'ann', 'cem', 5_000);
  histories.of('bob').ended('histories left', 7_000);
  expect(histories.audit().doubles).toHaveLength(1);
});

test('O5 both clients of a call have to name each other', () => {
  const histories = new Histories();
  histories.of('ann').found('1', 'ann', 'bob', 0);
  histories.of('bob').found('1', 'bob', 'cem', 0);
  expect(histories.audit().disagreements).toHaveLength(1);
});
