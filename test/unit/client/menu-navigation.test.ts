import { menuAction } from '../../../client/src/ui/parts/menu-navigation';

describe('C5 the menu by keyboard', () => {
  it.each([
    ['ArrowDown', -1, { is: 'focus', index: 0 }],
    ['ArrowDown', 4, { is: 'focus', index: 0 }],
    ['ArrowDown', 1, { is: 'focus', index: 2 }],
    ['ArrowUp', -1, { is: 'focus', index: 4 }],
    ['ArrowUp', 0, { is: 'focus', index: 4 }],
    ['ArrowUp', 3, { is: 'focus', index: 2 }],
    ['Home', 3, { is: 'focus', index: 0 }],
    ['End', 0, { is: 'focus', index: 4 }],
    ['Escape', 2, { is: 'close' }],
    ['Tab', 2, null],
    ['a', 2, null],
  ] as const)('C5 %s from %i', (key, index, move) => {
    expect(menuAction(key, index, 5)).toEqual(move);
  });

  it('C5 an empty menu can only be closed', () => {
    expect(menuAction('ArrowDown', -1, 0)).toBeNull();
    expect(menuAction('Escape', -1, 0)).toEqual({ is: 'close' });
  });
});
