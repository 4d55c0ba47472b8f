/// <reference lib="dom" />
import { LocalDevices } from '../../../client/src/chat/engine/local-devices';
import type { DeviceKind } from '../../../client/src/chat/engine/state';
import { installDeviceDoubles, settle, type DeviceDoubles, type FakeTrack } from './device-doubles';

let browser: DeviceDoubles;
let problems: string[];
let reported: [DeviceKind, FakeTrack | null][];
beforeEach(() => {
  browser = installDeviceDoubles();
  problems = [];
  reported = [];
});
afterEach(() => {
  browser.restore();
  jest.useRealTimers();
});

function page(): LocalDevices {
  const devices = new LocalDevices({
    trackChanged: (kind, track) => reported.push([kind, track as unknown as FakeTrack | null]),
    stateChanged: () => undefined,
    works: () => undefined,
    problem: ({ kind, problem }) => problems.push(`${kind} ${problem}`),
  });
  devices.start();
  return devices;
}

const trackOf = (devices: LocalDevices, kind: DeviceKind): FakeTrack => {
  const track = devices.track(kind);
  if (track === null) throw new Error(`no ${kind} is open`);
  return track as unknown as FakeTrack;
};
const kindsAsked = (): string[] =>
  browser.asked.map(({ video, audio }) => [video && 'video', audio && 'audio'].filter(Boolean).join('+'));
const liveIds = (): string[] =>
  browser
    .live()
    .map(({ deviceId }) => deviceId)
    .sort();

/** Devices of a video call, with requests that the test answers from here on. */
async function inVideo(): Promise<LocalDevices> {
  const devices = page();
  await devices.ask('video', false);
  browser.answersAtOnce = false;
  return devices;
}

test('C2 which devices there are is known before the first one is asked for', async () => {
  const devices = page();
  await settle();
  expect(devices.state.cameras.map(({ id }) => id)).toEqual(['video one', 'video two']);
  expect(devices.state.microphones.map(({ id }) => id)).toEqual(['audio one', 'audio two']);
  expect(browser.asked).toEqual([]);
});

describe('S4 what was switched off', () => {
  it('S4 stays off when the page is loaded again: the camera is not even opened, the microphone silent', async () => {
    const before = page();
    await before.ask('video', false);
    await before.switch('camera', false);
    await before.switch('microphone', false);
    const after = page();
    await after.ask('video', false);
    expect(kindsAsked()).toEqual(['video+audio', 'audio']);
    expect(after.state).toMatchObject({ camera: { off: true }, microphone: { off: true } });
    expect(after.track('camera')).toBeNull();
    expect(after.track('microphone')?.enabled).toBe(false);
  });

  it('S4 is on again for good once it is switched on', async () => {
    const before = page();
    await before.ask('video', false);
    await before.switch('camera', false);
    const after = page();
    await after.ask('video', false);
    await after.switch('camera', true);
    expect(after.track('camera')).not.toBeNull();
    expect([...browser.stored.keys()]).not.toContain('passerby.off');
    const later = page();
    await later.ask('video', false);
    expect(later.state).toMatchObject({ camera: { off: false }, microphone: { off: false } });
  });
});

describe('V4 the mode decides which devices are open', () => {
  it('V4 [V4.1] voice lets the camera go, text both; each mode that needs them again asks again', async () => {
    const devices = page();
    await devices.ask('video', false);
    await devices.ask('audio', false);
    expect(liveIds()).toEqual(['audio one']);
    expect(reported.at(-1)).toEqual(['camera', null]);
    devices.keep('text');
    expect(liveIds()).toEqual([]);
    expect(devices.state).toMatchObject({ camera: { state: 'unasked' }, microphone: { state: 'unasked' } });
    await devices.ask('video', false);
    expect(kindsAsked()).toEqual(['video+audio', 'video+audio']);
    expect(liveIds()).toEqual(['audio one', 'video one']);
  });

  it('V4 [V4.1] a camera that opens after the mode has changed, or after the page was left, is closed at once', async () => {
    const devices = page();
    browser.answersAtOnce = false;
    const asking = devices.ask('video', false);
    devices.keep('audio');
    browser.asked[0]?.allow();
    await asking;
    expect(liveIds()).toEqual(['audio one']);
    void devices.ask('video', false);
    devices.close();
    browser.asked[1]?.allow();
    await settle();
    expect(liveIds()).toEqual([]);
    expect(reported.at(-1)?.[0]).toBe('microphone');
  });
});

describe('V4 a device that ends in a call', () => {
  it('V4 is asked for again by its control, with the state that it had', async () => {
    const devices = await inVideo();
    trackOf(devices, 'camera').end();
    await settle();
    expect(devices.state.camera).toEqual({ state: 'faulty', fault: 'lost' });
    expect(problems).toEqual(['camera lost']);
    browser.answersAtOnce = true;
    await devices.switch('camera', true);
    expect(devices.state.camera).toMatchObject({ state: 'ready', off: false });
    expect(reported.at(-1)).toEqual(['camera', trackOf(devices, 'camera')]);
  });

  it('V4 is back by itself when it is plugged in again; a camera is never replaced by another one', async () => {
    const devices = await inVideo();
    const all = browser.plugged;
    browser.plugged = all.filter(({ deviceId }) => deviceId !== 'video one');
    trackOf(devices, 'camera').end();
    await browser.devicesChange();
    expect([browser.asked.length, devices.track('camera')]).toEqual([1, null]);
    browser.answersAtOnce = true;
    browser.plugged = all;
    await browser.devicesChange();
    expect(trackOf(devices, 'camera').deviceId).toBe('video one');
  });

  it('V4 a microphone is replaced by another one without a question, and taken again when it is back', async () => {
    const devices = page();
    await devices.ask('audio', false);
    await devices.switch('microphone', false);
    const all = browser.plugged;
    browser.plugged = all.filter(({ deviceId }) => deviceId !== 'audio one');
    trackOf(devices, 'microphone').end();
    await settle();
    expect(trackOf(devices, 'microphone')).toMatchObject({ deviceId: 'audio two', enabled: false });
    expect(problems).toEqual(['microphone replaced']);
    browser.plugged = all;
    await browser.devicesChange();
    expect(trackOf(devices, 'microphone')).toMatchObject({ deviceId: 'audio one', enabled: false });
    expect(liveIds()).toEqual(['audio one']);
  });

  it('V4 without permission nothing is asked: the person is told, and it is back when they permit it', async () => {
    const devices = page();
    await devices.ask('audio', false);
    browser.permissions.microphone = 'denied';
    await browser.permit('microphone', 'denied');
    expect(devices.state.microphone).toEqual({ state: 'faulty', fault: 'denied' });
    expect([problems, browser.asked.length, liveIds()]).toEqual([['microphone denied'], 1, []]);
    await browser.permit('microphone', 'granted');
    expect(devices.state.microphone).toMatchObject({ state: 'ready' });
  });
});

describe('V4 choosing a device', () => {
  it('V4 opens the new one before the old one is closed, and remembers it for the next visit', async () => {
    const devices = await inVideo();
    const old = trackOf(devices, 'camera');
    const choosing = devices.choose('camera', 'video two');
    expect(old.readyState).toBe('live');
    browser.asked[1]?.allow();
    await choosing;
    expect(reported.slice(2)).toEqual([['camera', trackOf(devices, 'camera')]]);
    expect(liveIds()).toEqual(['audio one', 'video two']);
    browser.answersAtOnce = true;
    devices.close();
    const next = page();
    await next.ask('video', false);
    expect(liveIds()).toEqual(['audio one', 'video two']);
    next.close();
    // When it is away another one will do, and it stays the chosen one.
    const all = browser.plugged;
    browser.plugged = all.filter(({ deviceId }) => deviceId !== 'video two');
    const later = page();
    await later.ask('video', false);
    expect(liveIds()).toEqual(['audio one', 'video one']);
    later.close();
    browser.plugged = all;
    await page().ask('video', false);
    expect(liveIds()).toEqual(['audio one', 'video two']);
  });

  it('V4 one that cannot be opened leaves the one that works, and is not remembered', async () => {
    const devices = await inVideo();
    const choosing = devices.choose('camera', 'video two');
    browser.asked[1]?.refuse('NotFoundError');
    await choosing;
    expect(liveIds()).toEqual(['audio one', 'video one']);
    expect(problems).toEqual(['camera missing']);
    expect(devices.state.camera).toMatchObject({ state: 'ready', deviceId: 'video one' });
    devices.close();
    browser.answersAtOnce = true;
    await page().ask('video', false);
    expect(liveIds()).toEqual(['audio one', 'video one']);
  });

  it('V4 the last of two quick choices wins, in whichever order the browser answers', async () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      browser.asked.length = 0;
      browser.answersAtOnce = true;
      const devices = await inVideo();
      const both = [devices.choose('camera', 'video two'), devices.choose('camera', 'video one')];
      for (const which of order) {
        browser.asked[which]?.allow();
        await settle();
      }
      await Promise.all(both);
      expect(trackOf(devices, 'camera').deviceId).toBe('video one');
      expect(liveIds()).toEqual(['audio one', 'video one']);
      devices.close();
    }
  });

  it('V4 where only one camera can be open, the old one is closed for the new one, and is back when that fails', async () => {
    const devices = await inVideo();
    const choosing = devices.choose('camera', 'video two');
    browser.asked[1]?.refuse('NotReadableError');
    await settle();
    expect(liveIds()).toEqual(['audio one']);
    browser.asked[2]?.allow();
    await choosing;
    expect(liveIds()).toEqual(['audio one', 'video two']);
    const again = devices.choose('camera', 'video one');
    browser.asked[3]?.refuse('NotReadableError');
    await settle();
    browser.asked[4]?.refuse('NotReadableError');
    await settle();
    expect(browser.asked[5]?.video?.deviceId).toEqual({ exact: 'video two' });
    browser.asked[5]?.allow();
    await again;
    expect(liveIds()).toEqual(['audio one', 'video two']);
    expect(problems).toEqual(['camera in_use']);
  });

  it('V4 the first camera that ends because the second one opens is no loss', async () => {
    const devices = await inVideo();
    const choosing = devices.choose('camera', 'video two');
    trackOf(devices, 'camera').end();
    await settle();
    browser.asked[1]?.allow();
    await choosing;
    expect([problems, liveIds()]).toEqual([[], ['audio one', 'video two']]);
  });

  it('V4 a muted microphone is exchanged too, and stays muted', async () => {
    const devices = page();
    await devices.ask('audio', false);
    await devices.switch('microphone', false);
    await devices.choose('microphone', 'audio two');
    expect(trackOf(devices, 'microphone')).toMatchObject({ deviceId: 'audio two', enabled: false });
  });

  it('V4 conditions that a camera cannot meet are dropped', async () => {
    const devices = page();
    browser.answersAtOnce = false;
    const asking = devices.ask('video', false);
    browser.asked[0]?.refuse('OverconstrainedError', { constraint: 'frameRate' });
    await settle();
    expect(browser.asked[1]).toMatchObject({ video: {}, audio: {} });
    expect(browser.asked[1]?.video).not.toHaveProperty('frameRate');
    browser.asked[1]?.allow();
    await asking;
    expect(devices.state.camera).toMatchObject({ state: 'ready' });
  });
});

describe('C3 a browser that does not answer', () => {
  it('C3 is said after 15 s; another try asks anew, and the late answer to the first is closed', async () => {
    jest.useFakeTimers();
    const devices = page();
    browser.answersAtOnce = false;
    void devices.ask('video', true);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(devices.state.camera).toEqual({ state: 'faulty', fault: 'no_answer' });
    void devices.ask('video', true);
    browser.asked[1]?.allow();
    await settle();
    browser.asked[0]?.allow();
    await settle();
    expect(liveIds()).toEqual(['audio one', 'video one']);
    expect(devices.state.camera).toMatchObject({ state: 'ready' });
  });

  it('C3 a late answer is taken when nothing else was asked meanwhile', async () => {
    jest.useFakeTimers();
    const devices = page();
    browser.answersAtOnce = false;
    void devices.ask('video', true);
    await jest.advanceTimersByTimeAsync(20_000);
    browser.asked[0]?.allow();
    await settle();
    expect(devices.state).toMatchObject({ camera: { state: 'ready' }, microphone: { state: 'ready' } });
  });

  it('C3 voice asks for the microphone alone at once, without waiting for the camera', async () => {
    const devices = page();
    browser.answersAtOnce = false;
    void devices.ask('video', true);
    void devices.ask('audio', true);
    expect(kindsAsked()).toEqual(['video+audio', 'audio']);
    browser.asked[1]?.allow();
    await settle();
    expect(devices.state.microphone).toMatchObject({ state: 'ready' });
    browser.asked[0]?.allow();
    await settle();
    expect(liveIds()).toEqual(['audio one']);
  });

  it('C3 a device that works stays in use while another one does not answer', async () => {
    jest.useFakeTimers();
    const devices = await inVideo();
    void devices.choose('camera', 'video two');
    await jest.advanceTimersByTimeAsync(15_000);
    expect([problems, liveIds()]).toEqual([['camera no_answer'], ['audio one', 'video one']]);
  });
});

describe('V4 an interruption by the system', () => {
  it('V4 is part of the state until it is over; turning the device on asks for it again', async () => {
    const devices = page();
    await devices.ask('video', false);
    trackOf(devices, 'camera').setMuted(true);
    expect(devices.state.camera).toMatchObject({ state: 'ready', trouble: 'interrupted' });
    expect(problems).toEqual(['camera interrupted']);
    trackOf(devices, 'camera').setMuted(false);
    expect(devices.state.camera).toEqual({ state: 'ready', off: false, deviceId: 'video one' });
    trackOf(devices, 'camera').setMuted(true);
    await devices.switch('camera', true);
    expect(browser.asked).toHaveLength(2);
    expect(devices.state.camera).toEqual({ state: 'ready', off: false, deviceId: 'video one' });
    expect(liveIds()).toEqual(['audio one', 'video one']);
  });
});
