/// <reference lib="dom" />
import { MicrophoneSender } from '../../../client/src/chat/engine/microphone-sender';

function scene() {
  const done: string[] = [];
  let answer = (): void => undefined;
  const rtpSender = {
    replaceTrack: (track: MediaStreamTrack | null) => {
      done.push(`attach ${track?.id ?? 'nothing'}`);
      return Promise.resolve();
    },
  };
  const sender = new MicrophoneSender((track) => {
    done.push(`produce ${track.id}, ${track.enabled ? 'audible' : 'silent'}`);
    return new Promise((resolve) => (answer = () => resolve(rtpSender)));
  });
  return { sender, done, answer: () => answer() };
}

function track(id: string, readyState = 'live'): MediaStreamTrack {
  const made = { id, readyState, enabled: true, stop: () => undefined };
  return { ...made, clone: () => ({ ...made, id: `copy of ${id}` }) } as unknown as MediaStreamTrack;
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('V4 a microphone that is exchanged while its producer is made: one producer, and the newer one is heard', async () => {
  const { sender, done, answer } = scene();
  const changes = [sender.send(true), sender.use(track('first')), sender.use(track('second'))];
  await settle();
  answer();
  await Promise.all(changes);
  expect(done).toEqual(['produce copy of second, silent', 'attach nothing', 'attach second']);
});

test('C2 [C2.3] no sound leaves before it may be heard, not even while the producer is made, and none afterwards', async () => {
  const { sender, done, answer } = scene();
  const change = sender.use(track('one'));
  await settle();
  answer();
  await change;
  expect(done.splice(0)).toEqual(['produce copy of one, silent', 'attach nothing']);
  await sender.send(true);
  await sender.send(true);
  await sender.send(false);
  expect(done).toEqual(['attach one', 'attach nothing']);
});

test('C2 [C2.3] who is asked to be silent while a microphone is being attached is silent in the end', async () => {
  const { sender, done, answer } = scene();
  const change = sender.use(track('one'));
  await settle();
  answer();
  await change;
  await Promise.all([sender.send(true), sender.use(track('two')), sender.send(false)]);
  expect(done.at(-1)).toBe('attach nothing');
});

test('V4 nothing is sent without a microphone, nor of one that has ended', async () => {
  const { sender, done, answer } = scene();
  const change = sender.use(track('one'));
  await settle();
  answer();
  await change;
  await sender.send(true);
  done.splice(0);
  await sender.use(null);
  await sender.use(track('gone', 'ended'));
  expect(done).toEqual(['attach nothing']);
});
