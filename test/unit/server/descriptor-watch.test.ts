import { watchDescriptors } from '../../../src/server/descriptor-watch';
import { ManualClock } from '../../support/manual-clock';

test('O4 file descriptors that are used up are reported once, and again when there are some', async () => {
  const clock = new ManualClock();
  const said: string[] = [];
  const log = {
    error: (text: string) => said.push(`error ${text}`),
    info: (text: string) => said.push(`info ${text}`),
  };
  let failure: Error | undefined;
  const tryToOpen = (): Promise<void> =>
    failure === undefined ? Promise.resolve() : Promise.reject(failure);
  const watch = watchDescriptors(clock, log, tryToOpen);
  const pass = async (): Promise<void> => {
    await clock.advance(2_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await pass();
  failure = Object.assign(new Error('no'), { code: 'EACCES' });
  await pass();
  expect(said).toEqual([]);
  failure = Object.assign(new Error('no'), { code: 'EMFILE' });
  await pass();
  await pass();
  expect(said).toEqual([expect.stringMatching(/^error no file descriptor is left.*LimitNOFILE/)]);
  failure = undefined;
  await pass();
  await pass();
  expect(said.slice(1)).toEqual(['info there are file descriptors again']);
  watch.close();
});
