import { PLACES } from '../../../client/src/app/router/paths';
import { SCREENS } from '../../../src/http/client';

test('C1 the server answers every place of the client with the page, and no other', () => {
  const places = Object.values(PLACES).filter((path) => path !== '/');
  expect([...SCREENS].sort()).toEqual([...places].sort());
});
