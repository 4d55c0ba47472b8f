import { auditModel } from './audit-entry';
import { banModel } from './ban';
import { callModel } from './call';
import { logInModel } from './log-in';
import { migrationModel } from './migration';
import { passwordResetModel } from './password-reset';
import { pendingRegistrationModel } from './pending-registration';
import { reportModel } from './report';
import { billingEventModel, subscriptionModel } from './subscription';
import { userModel } from './user';

/** Every kind of record there is, in the order in which a backup writes them. */
export const MODELS = [
  userModel,
  logInModel,
  passwordResetModel,
  pendingRegistrationModel,
  subscriptionModel,
  billingEventModel,
  callModel,
  reportModel,
  banModel,
  auditModel,
  migrationModel,
] as const;

export * from './audit-entry';
export * from './ban';
export * from './call';
export * from './log-in';
export * from './migration';
export * from './password-reset';
export * from './pending-registration';
export * from './report';
export * from './subscription';
export * from './user';
