import { isLogInValid, isSelected } from '../../../src/domain/users';

test('A2 a log-in is valid as long as no end of all log-ins has passed it by', () => {
  const logIn = { id: 'this', generation: 3 };
  expect(isLogInValid({ logInGeneration: 3, keptLogInId: null }, logIn)).toBe(true);
  expect(isLogInValid({ logInGeneration: 4, keptLogInId: null }, logIn)).toBe(false);
  expect(isLogInValid({ logInGeneration: 4, keptLogInId: 'that' }, logIn)).toBe(false);
  expect(isLogInValid({ logInGeneration: 9, keptLogInId: 'this' }, logIn)).toBe(true);
});

test('A2 which log-ins an end is about: a guest’s session ends with everything only', () => {
  const among = (id: string | null) =>
    (['all', ['a', 'b'], { allBut: 'a' }, []] as const).map((selection) => isSelected(selection, id));
  expect(among('a')).toEqual([true, true, false, false]);
  expect(among('c')).toEqual([true, false, true, false]);
  expect(among(null)).toEqual([true, false, false, false]);
});
