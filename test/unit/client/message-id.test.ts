import { messageId } from '../../../client/src/chat/engine/message-id';

describe('S8 the id of a message', () => {
  it('S8 is a random UUID, without the function that pages by plain HTTP lack', () => {
    const spy = jest.spyOn(globalThis.crypto, 'randomUUID').mockImplementation(() => {
      throw new Error('missing in an insecure context');
    });
    const ids = new Set(Array.from({ length: 500 }, messageId));
    spy.mockRestore();
    expect(ids.size).toBe(500);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
