import type { Ban } from '../../domain/bans';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Lifting } from './lifted-bans';
import { bansHold, bansLifted } from './messages';

/** Bans, or liftings, in one message. */
const AT_ONCE = 200;

export interface ToldBans {
  readonly lifted?: readonly Lifting[];
  readonly bans?: readonly Ban[];
}

/** Tells other nodes which bans were lifted and which hold, in this order, and so many in one message. */
export class BanNotifier {
  constructor(private readonly messenger: Pick<NodeMessenger, 'notify' | 'notifyAll'>) {}

  tell(node: string, { lifted = [], bans = [] }: ToldBans): void {
    for (const part of inParts(lifted)) this.messenger.notify(node, bansLifted, { lifted: part });
    for (const part of inParts(bans)) this.messenger.notify(node, bansHold, { bans: part });
  }

  /** What is lost is told again when the bus is back. */
  tellAll({ lifted = [], bans = [] }: ToldBans): void {
    for (const part of inParts(lifted))
      this.messenger.notifyAll(bansLifted, { lifted: part }).catch(() => undefined);
    for (const part of inParts(bans))
      this.messenger.notifyAll(bansHold, { bans: part }).catch(() => undefined);
  }
}

const inParts = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, part) =>
    items.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
  );
