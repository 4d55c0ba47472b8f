import { invite } from '../../../client/src/chat/searching/invitation';

const DATA = { title: 'Passerby', text: 'Come', url: 'https://passerby.example/' };
const fails = (name: string) => () => Promise.reject(new DOMException('no', name));

describe('C1 an invitation', () => {
  it('C1 goes through the dialog of the device where there is one', async () => {
    const share = jest.fn(() => Promise.resolve());
    const copy = jest.fn(() => Promise.resolve());
    expect(await invite({ share, copy }, DATA)).toBe('shared');
    expect(share).toHaveBeenCalledWith(DATA);
    expect(copy).not.toHaveBeenCalled();
  });

  it('C1 is nothing when that dialog is closed again', async () => {
    const copy = jest.fn(() => Promise.resolve());
    expect(await invite({ share: fails('AbortError'), copy }, DATA)).toBe('dismissed');
    expect(copy).not.toHaveBeenCalled();
  });

  it('C1 is copied where the device has nothing to share with', async () => {
    const copy = jest.fn(() => Promise.resolve());
    expect(await invite({ copy }, DATA)).toBe('copied');
    expect(await invite({ share: fails('NotAllowedError'), copy }, DATA)).toBe('copied');
    expect(copy).toHaveBeenCalledWith(DATA.url);
  });

  it('C1 is shown where the page may not copy either, as without a secure connection', async () => {
    expect(await invite({}, DATA)).toBe('shown');
    expect(await invite({ copy: fails('NotAllowedError') }, DATA)).toBe('shown');
  });
});
