/// <reference lib="dom" />
import { startGallery, type Gallery } from '../support/gallery';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

/** What the gallery's engine offers to tests: the other person's words, one's own, and the state. */
interface WithGallery {
  gallery: {
    hear(text: string): void;
    say(text: string): void;
    getState(): { phase: { call?: { unread: number } } };
  };
}

jest.setTimeout(60_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());

const hear = (text: string): Promise<void> =>
  gallery.page.evaluate((words) => (window as unknown as WithGallery).gallery.hear(words), text);

const unread = (): Promise<number | undefined> =>
  gallery.page.evaluate(() => (window as unknown as WithGallery).gallery.getState().phase.call?.unread);

/** How far the end of the chat is from being in view. */
const toTheEnd = (): Promise<number> =>
  gallery.page
    .getByTestId('chat-log')
    .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);

async function longChat(): Promise<void> {
  await gallery.show('call', DESKTOP);
  for (let line = 0; line < 30; line += 1) await hear(`line ${line}`);
  await gallery.page.getByText('line 29').waitFor();
}

describe('S8 the chat', () => {
  it('S8 follows along at its end, and what is seen there is read', async () => {
    await longChat();
    expect(await toTheEnd()).toBeLessThan(2);
    expect(await unread()).toBe(0);
  });

  it('S8 what comes while older lines are read is offered, and read only when it is gone to', async () => {
    await longChat();
    const { page } = gallery;
    await page.getByTestId('chat-log').evaluate((log) => (log.scrollTop = 0));
    await page.waitForTimeout(200);
    await hear('down here');
    const offered = page.getByTestId('new-message');
    await offered.waitFor();
    expect(await page.getByTestId('chat-log').evaluate((log) => log.scrollTop)).toBe(0);
    expect(await unread()).toBe(1);
    await offered.click();
    await offered.waitFor({ state: 'detached' });
    expect(await toTheEnd()).toBeLessThan(2);
    expect(await unread()).toBe(0);
  });

  it('S8 keeps its end in view when the screen is turned or made smaller', async () => {
    await longChat();
    for (const size of [{ width: 1280, height: 420 }, { width: 844, height: 390 }, DESKTOP]) {
      await gallery.resize(size);
      await gallery.page.waitForTimeout(300);
      expect(await toTheEnd()).toBeLessThan(2);
    }
  });

  it('C4 what is written from right to left runs so, whatever the name before it', async () => {
    await gallery.show('call-rtl', DESKTOP);
    const words = gallery.page.locator('.m__text').first();
    expect(await words.evaluate((element) => element.matches(':dir(rtl)'))).toBe(true);
  });
});

describe('C5 the stage', () => {
  const shade = (): Promise<string> =>
    gallery.page.locator('.theirs').evaluate((stage) => getComputedStyle(stage, '::after').backgroundImage);

  it('C5 is darkened at its foot only over a picture', async () => {
    await gallery.show('call', DESKTOP, '&theme=light');
    expect(await shade()).toContain('gradient');
    for (const state of ['voice', 'call-dark', 'call-connecting']) {
      await gallery.show(state, DESKTOP, '&theme=light');
      expect(await shade()).toBe('none');
    }
  });

  it('C5 on a phone one’s own picture does not cover what is said of the end', async () => {
    await gallery.show('ended', PHONE);
    await gallery.page.keyboard.press('c');
    const line = gallery.page.getByText('The chat stays here until you move on.');
    await line.waitFor();
    await gallery.page.waitForTimeout(900);
    const covered = await line.evaluate((element) => {
      const { right, top, height } = element.getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(element);
      const end = Math.min(right, range.getBoundingClientRect().right) - 2;
      return document.elementFromPoint(end, top + height / 2) !== element;
    });
    expect(covered).toBe(false);
  });

  it('C2 what was never open has no chat, and says whose yes was missing', async () => {
    await gallery.show('ended-unaccepted', DESKTOP);
    await gallery.page.getByRole('heading', { name: 'CalmHeron4821 did not say yes in time' }).waitFor();
    expect(await gallery.page.locator('.chat').count()).toBe(0);
    expect(await gallery.page.getByText('Talking with').count()).toBe(0);
    expect(await gallery.page.getByTestId('next-button').textContent()).toMatch(/^Next in/);
  });

  it('C5 a voice call that is over says nothing of the present', async () => {
    await gallery.show('voice-ended', DESKTOP);
    const said = await gallery.page.evaluate(() => document.body.textContent);
    expect(said).toContain('moved on');
    expect(said).not.toMatch(/Talking with|is quiet/);
  });

  it('G2 the thanks for a report offer to block and to leave', async () => {
    await gallery.show('call-notice', PHONE);
    const { page } = gallery;
    expect(await page.getByTestId('reported-leave').count()).toBe(1);
    await page.getByTestId('reported-block').click();
    await page.getByRole('dialog', { name: 'Block CalmHeron4821?' }).waitFor();
  });

  it('G3 who is blocked already is not offered to be blocked', async () => {
    await gallery.show('ended-blocked', DESKTOP);
    expect(await gallery.page.getByRole('button', { name: 'Block', exact: true }).count()).toBe(0);
    await gallery.page.keyboard.press('b');
    expect(await gallery.page.getByRole('dialog').count()).toBe(0);
  });
});

describe('C2 interests', () => {
  it('C2 a pasted list is taken apart, and a comma ends a chip', async () => {
    await gallery.show('landing-fresh', DESKTOP);
    const { page } = gallery;
    await page.getByRole('button', { name: 'Add a topic to talk about' }).click();
    const field = page.getByRole('textbox', { name: 'A topic to talk about' });
    await field.fill('Tea, slow cooking');
    await page.getByRole('button', { name: 'Remove tea' }).waitFor();
    expect(await field.inputValue()).toBe('slow cooking');
    await field.press(',');
    await page.getByRole('button', { name: 'Remove slow cooking' }).waitFor();
    expect(await field.inputValue()).toBe('');
  });
});
