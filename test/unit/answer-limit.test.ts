import { AnswerLimit } from '../../src/app/ports/answer-limit';
import { notLongerThan } from '../../src/app/ports/not-longer-than';
import { ManualClock, settle } from './../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const limit = new AnswerLimit(clock, { limitMs: 600, pauseMs: 1_000 });
  const requests: { answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const outcomes: string[] = [];
  const ask = (): void => {
    limit
      .ask(() => new Promise<string>((answer, fail) => requests.push({ answer, fail })))
      .then(
        (value) => outcomes.push(value),
        (error: unknown) => outcomes.push(String(error)),
      );
  };
  return { clock, limit, requests, outcomes, ask };
}
const NO_ANSWER = 'NoAnswer: no answer within 600 ms';

test('O5 a dependency that does not answer is given up after the limit, and for a pause at once without being asked', async () => {
  const { clock, requests, outcomes, ask } = scene();
  ask();
  await clock.advance(590);
  expect(outcomes).toEqual([]);
  await clock.advance(20);
  expect(outcomes).toEqual([NO_ANSWER]);
  ask();
  await settle();
  expect(outcomes).toEqual([NO_ANSWER, NO_ANSWER]);
  expect(requests).toHaveLength(1);
  await clock.advance(1_000);
  ask();
  expect(requests).toHaveLength(2);
  requests[1]?.answer('here');
  await settle();
  expect(outcomes).toEqual([NO_ANSWER, NO_ANSWER, 'here']);
  expect(clock.pending).toBe(0);
});

test('O5 a late answer ends the pause', async () => {
  const { clock, requests, outcomes, ask } = scene();
  ask();
  await clock.advance(610);
  requests[0]?.answer('late');
  await settle();
  ask();
  requests[1]?.answer('here');
  await settle();
  expect(outcomes).toEqual([NO_ANSWER, 'here']);
});

test('O5 one slow request does not make others fail where others are answered', async () => {
  const { clock, requests, outcomes, ask } = scene();
  ask();
  await clock.advance(300);
  ask();
  requests[1]?.fail(new Error('an answer as well'));
  await clock.advance(400);
  expect(outcomes).toEqual(['Error: an answer as well', NO_ANSWER]);
  ask();
  expect(requests).toHaveLength(3);
});

test('O5 an event loop that stood still does not count against the dependency', async () => {
  const { clock, requests, outcomes, ask } = scene();
  ask();
  await clock.advance(50);
  clock.standStill(5_000);
  // The answer was here all the time; only one step of the limit is over before it is read.
  const step = clock.advance(1);
  requests[0]?.answer('here');
  await step;
  expect(outcomes).toEqual(['here']);
});

test('O5 who waits no longer gets the other answer; a later failure is reported, an earlier one thrown', async () => {
  const clock = new ManualClock();
  const reported: unknown[] = [];
  const patience = {
    clock,
    ms: 800,
    otherwise: 'later',
    failedLater: (error: unknown) => reported.push(error),
  };
  let fail: (error: Error) => void = () => undefined;
  const task = new Promise<string>((_, reject) => (fail = reject));
  const answer = notLongerThan(task, patience);
  await clock.advance(800);
  expect(await answer).toBe('later');
  fail(new Error('too late'));
  await settle();
  expect(reported).toEqual([new Error('too late')]);
  await expect(notLongerThan(Promise.reject(new Error('at once')), patience)).rejects.toThrow('at once');
  await settle();
  expect(reported).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
