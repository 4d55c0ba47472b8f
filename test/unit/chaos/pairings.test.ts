import { auditPairings } from '../../../chaos/audit/pairings';
import { CallHistory } from '../../../chaos/people/call-history';

/** What each of several people was told, in the words of a run. */
class Told {
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

  audit(now = 60_000): ReturnType<typeof auditPairings> {
    return auditPairings([...this.histories.values()].flatMap((history) => history.calls(now)));
  }
}

test('O5 people who meet one after the other are in one call each', () => {
  const told = new Told();
  told.meet('1', 'ann', 'bob', 0);
  told.of('ann').ended('next', 5_000);
  told.of('bob').ended('told next', 5_100);
  told.meet('2', 'ann', 'cem', 5_050);
  expect(told.audit()).toMatchObject({ calls: 2, doubles: [], disagreements: [], lateEnds: [], oneSided: 0 });
});

test('O5 an end heard of late is noted, and one that is not heard of is a double match', () => {
  const late = new Told();
  late.meet('1', 'ann', 'bob', 0);
  late.of('ann').ended('next', 5_000);
  late.meet('2', 'ann', 'cem', 5_000);
  late.of('bob').ended('told lost', 9_000);
  expect(late.audit()).toMatchObject({ doubles: [], lateEnds: [{ ms: 4_000 }] });

  const never = new Told();
  never.meet('1', 'ann', 'bob', 0);
  never.of('ann').ended('next', 5_000);
  never.meet('2', 'ann', 'cem', 5_000);
  expect(never.audit().doubles).toHaveLength(1);
});

test('O5 who knows that the other one is away does not believe to be with them', () => {
  const told = new Told();
  told.meet('1', 'ann', 'bob', 0);
  told.of('bob').apart(4_000);
  told.of('ann').ended('over when back', 5_000);
  told.meet('2', 'ann', 'cem', 5_000);
  told.of('bob').ended('told lost', 20_000);
  expect(told.audit()).toMatchObject({ doubles: [], lateEnds: [] });
});

test('O5 somebody put into a second call without a word about the first is in two, at once', () => {
  const told = new Told();
  told.meet('1', 'ann', 'bob', 0);
  told.meet('2', 'ann', 'cem', 5_000);
  told.of('bob').ended('told left', 7_000);
  expect(told.audit().doubles).toHaveLength(1);
});

test('O5 both people of a call have to name each other', () => {
  const told = new Told();
  told.of('ann').found('1', 'ann', 'bob', 0);
  told.of('bob').found('1', 'bob', 'cem', 0);
  expect(told.audit().disagreements).toHaveLength(1);
});
