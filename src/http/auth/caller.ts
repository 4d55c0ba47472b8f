import type { Identity } from '../../app/accounts/identity';
import { isAllowed, type Satisfying } from '../../domain/roles';
import type { Role } from '../../protocol';

/** A caller who is logged in to an account. */
export interface AccountIdentity extends Identity {
  readonly isAnonymous: false;
  readonly logInId: string;
}

/** Who sent a request, as far as its endpoint had to know. */
export type Caller =
  | { readonly role: 'anyone' }
  | { readonly role: 'user'; readonly identity: Identity }
  | { readonly role: 'account'; readonly identity: AccountIdentity }
  | { readonly role: 'operator' };

/** A caller whose role satisfies the required one. */
export type CallerWith<Required extends Role> = Extract<Caller, { readonly role: Satisfying<Required> }>;

export const hasRole = <Required extends Role>(
  caller: Caller,
  required: Required,
): caller is CallerWith<Required> => isAllowed(caller.role, required);
