import { isAllowed } from '../../../src/domain/roles';
import { ROLES, type Role } from '../../../src/protocol';

/** By required role: the roles that satisfy it. */
const ALLOWED: Readonly<Record<Role, readonly Role[]>> = {
  anyone: ['anyone', 'user', 'account', 'operator'],
  user: ['user', 'account'],
  account: ['account'],
  operator: ['operator'],
};

test.each(ROLES)('A2 what %s may do, exactly the roles that include it may do as well', (required) => {
  expect(ROLES.filter((own) => isAllowed(own, required))).toEqual(ALLOWED[required]);
});

test('A2 a role that includes a second one includes whatever the second one includes', () => {
  for (const own of ROLES) {
    for (const middle of ROLES.filter((role) => isAllowed(own, role))) {
      for (const required of ROLES.filter((role) => isAllowed(middle, role))) {
        expect([own, required, isAllowed(own, required)]).toEqual([own, required, true]);
      }
    }
  }
});
