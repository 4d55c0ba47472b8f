import { bansHold } from '../../../src/app/bans/messages';
import { banScene } from '../../support/bans';

test('R6 a ban of another node that cannot be understood does not take the others with it', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  a.messenger.notify('b', bansHold, { bans: [ban('one', { subjects: [] }), ban('two')] });
  await clock.advance(0);
  expect(b.bans.about({ users: ['ada'] }).map(({ id }) => id)).toEqual(['two']);
  expect(b.errors).toHaveLength(1);
});
