import { asksForNext } from '../../../client/src/chat/call/swipe';
import { cornerAfterKey, nearestCorner, readCorner, sideOf } from '../../../client/src/chat/call/own-corner';
import { otherCamera } from '../../../client/src/chat/call/other-camera';
import { EMOJI, emojiAfterKey, withEmoji } from '../../../client/src/chat/call/emoji';
import { LOOK_MS, SpeakingWatch } from '../../../client/src/chat/video/speaking-watch';
import { PartnerLevel } from '../../../client/src/chat/engine/partner-level';

describe('M8 a swipe', () => {
  const swipe = { dx: -140, dy: 10, ms: 200, startX: 300, windowWidth: 390 };

  it('M8 against the direction of reading asks for the next person', () => {
    expect(asksForNext(swipe, 'ltr')).toBe(true);
    expect(asksForNext(swipe, 'rtl')).toBe(false);
    expect(asksForNext({ ...swipe, dx: 140, startX: 60 }, 'rtl')).toBe(true);
  });

  it.each([
    ['too short', { dx: -40 }],
    ['too slow', { ms: 1500 }],
    ['more down than along', { dy: 120 }],
    ['from the edge, where the browser goes back', { startX: 380 }],
  ])('M8 %s does not', (_, change) => {
    expect(asksForNext({ ...swipe, ...change }, 'ltr')).toBe(false);
  });
});

describe('C2 the own window', () => {
  const stage = { left: 0, top: 0, width: 400, height: 800 };

  it('C2 goes to the corner that it was dropped nearest to', () => {
    const at = (left: number, top: number) =>
      nearestCorner({ left, top, width: 120, height: 110 }, stage, 'ltr');
    expect([at(0, 0), at(270, 40), at(10, 600), at(260, 600)]).toEqual([
      'top-start',
      'top-end',
      'bottom-start',
      'bottom-end',
    ]);
    expect(nearestCorner({ left: 0, top: 0, width: 120, height: 110 }, stage, 'rtl')).toBe('top-end');
  });

  it('C5 goes where the arrow keys point, in both directions of text', () => {
    expect(cornerAfterKey('bottom-end', 'ArrowUp', 'ltr')).toBe('top-end');
    expect(cornerAfterKey('bottom-end', 'ArrowLeft', 'ltr')).toBe('bottom-start');
    expect(cornerAfterKey('bottom-end', 'ArrowLeft', 'rtl')).toBe('bottom-end');
    expect(cornerAfterKey('bottom-end', 'ArrowRight', 'rtl')).toBe('bottom-start');
    expect(cornerAfterKey('top-start', 'ArrowDown', 'ltr')).toBe('bottom-start');
    expect(cornerAfterKey('top-start', 'Enter', 'ltr')).toBeNull();
    expect(sideOf('bottom-end', 'rtl')).toBe('bottom_left');
  });

  it('C2 is where it was on the last visit, and in its first place where that is not known', () => {
    expect(readCorner('top-start')).toBe('top-start');
    expect(readCorner('middle')).toBe('bottom-end');
    expect(readCorner(null)).toBe('bottom-end');
  });
});

describe('V4 the other camera', () => {
  const front = { id: 'f', label: 'camera2 1, facing front' };
  const back = { id: 'b', label: 'camera2 0, facing back' };
  const wide = { id: 'w', label: 'camera2 2, facing back' };

  it('V4 is on the other side of a phone, whatever the order of the list', () => {
    expect(otherCamera([back, wide, front], 'f')).toBe('b');
    expect(otherCamera([back, wide, front], 'w')).toBe('f');
  });

  it('V4 is the next one where the labels say nothing, and none where there is none', () => {
    const plain = [
      { id: '1', label: '' },
      { id: '2', label: 'BRIO' },
    ];
    expect(otherCamera(plain, '2')).toBe('1');
    expect(otherCamera(plain, 'gone')).toBe('1');
    expect(otherCamera([front], 'f')).toBeNull();
    expect(otherCamera([{ id: '', label: '' }, front], 'f')).toBeNull();
  });
});

describe('S8 emoji', () => {
  it('S8 are put at the cursor, in place of the selection, and never make a message too long', () => {
    expect(withEmoji('ab', '👋', { start: 1, end: 1 }, 2000)).toEqual({ text: 'a👋b', cursor: 3 });
    expect(withEmoji('abc', '👋', { start: 0, end: 3 }, 2000)).toEqual({ text: '👋', cursor: 2 });
    expect(withEmoji('a'.repeat(1999), '👋', { start: 0, end: 0 }, 2000)).toBeNull();
  });

  it('C5 are reached with the arrow keys', () => {
    expect(emojiAfterKey(0, 'ArrowRight', 'ltr')).toBe(1);
    expect(emojiAfterKey(0, 'ArrowRight', 'rtl')).toBe(0);
    expect(emojiAfterKey(0, 'ArrowDown', 'ltr')).toBe(8);
    expect(emojiAfterKey(3, 'ArrowUp', 'ltr')).toBe(3);
    expect(emojiAfterKey(3, 'End', 'ltr')).toBe(EMOJI.length - 1);
    expect(emojiAfterKey(3, 'x', 'ltr')).toBeNull();
  });

  it('S8 each is there once', () => {
    expect(new Set(EMOJI).size).toBe(EMOJI.length);
  });
});

describe('V4 whether somebody speaks', () => {
  it('V4 no short sound is missed, and a pause between words is none', () => {
    const watch = new SpeakingWatch();
    // A sound of 60 ms in every 800 ms.
    const spoke: boolean[] = [];
    for (let now = 0; now < 4_000; now += LOOK_MS) spoke.push(watch.speaks(now % 800 < 60 ? 0.4 : 0, now));
    expect(spoke).not.toContain(false);
    expect(watch.speaks(0.01, 6_000)).toBe(false);
  });
});

describe('V4 how loud the partner is', () => {
  const receiver = (rtpTimestamp: number, audioLevel?: number): RTCRtpReceiver =>
    ({ getSynchronizationSources: () => [{ rtpTimestamp, audioLevel }] }) as unknown as RTCRtpReceiver;

  it('V4 is what the browser measures, and nothing once no packet comes', () => {
    const level = new PartnerLevel();
    expect(level.of(undefined, 0)).toBe(0);
    expect(level.of(receiver(1), 0)).toBe(0);
    expect(level.of(receiver(960, 0.4), 0)).toBe(0.4);
    expect(level.of(receiver(960, 0.4), 300)).toBe(0.4);
    expect(level.of(receiver(960, 0.4), 500)).toBe(0);
    expect(level.of(receiver(1920, 0.2), 520)).toBe(0.2);
  });
});
