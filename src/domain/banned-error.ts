import type { WireError, WireBan } from '../protocol';
import type { Ban } from './bans';
import { DomainError } from './error';

/** A ban keeps the caller out. The client gets what the ban is about and when it ends. */
export class BannedError extends DomainError {
  readonly ban: WireBan;

  constructor({ by, reason, endsAt }: Pick<Ban, 'by' | 'reason' | 'endsAt'>, now: number) {
    super('banned', 'a ban keeps you out', endsAt === null ? undefined : Math.max(0, endsAt - now));
    this.ban = { kind: by === 'reports' ? 'hold' : 'ban', reason, endsAt };
  }

  override toWire(event?: string): WireError {
    return { ...super.toWire(event), ban: this.ban };
  }
}
