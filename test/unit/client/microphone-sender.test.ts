/// <reference lib="dom" />
import { MicrophoneSender } from '../../../client/src/chat/engine/microphone-sender';

function scene() {
  const done: string[] = [];
  let answer = (): void => undefined;
  const producer = {
    paused: false,
    pause: () => {
      producer.paused = true;
      done.push('pause');
    },
    resume: () => {
      producer.paused = false;
      done.push('resume');
    },
    replaceTrack: ({ track }: { track: MediaStreamTrack | null }) => {
      done.push(`replace by ${track?.id}`);
      return Promise.resolve();
    },
  };
  const sender = new MicrophoneSender((track) => {
    done.push(`produce ${track.id}`);
    return new Promise((resolve) => (answer = () => resolve(producer)));
  });
  return { sender, done, answer: () => answer() };
}

const track = (id: string, readyState = 'live') => ({ id, readyState }) as unknown as MediaStreamTrack;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('V4 a microphone that is exchanged while its producer is made: one producer, which gets the newer one', async () => {
  const { sender, done, answer } = scene();
  const changes = [sender.use(track('first')), sender.use(track('second'))];
  await settle();
  answer();
  await Promise.all(changes);
  expect(done).toEqual(['produce second', 'pause', 'replace by second']);
});

test('V4 what is negotiated again is only what changes, and nothing is sent without a microphone', async () => {
  const { sender, done, answer } = scene();
  const change = sender.use(track('one'));
  await settle();
  answer();
  await change;
  done.splice(0);
  sender.send(false);
  sender.send(true);
  sender.send(true);
  await sender.use(null);
  await sender.use(track('gone', 'ended'));
  sender.send(true);
  expect(done).toEqual(['resume', 'pause', 'resume']);
});
