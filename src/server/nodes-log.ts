import type { Logger } from 'pino';
import type { Calls } from '../app/calls/calls';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';

/** Says in the log what operators of many nodes want to know, and, at `debug`, which calls changed their home. */
export function logNodes(
  log: Logger,
  { membership, calls, messenger }: { membership: Membership; calls: Calls; messenger: NodeMessenger },
): void {
  membership.on({
    bridge: (node) => log.info({ node, self: messenger.self }, 'another node is there'),
    died: (node) => log.info({ node, self: messenger.self }, 'another node is gone'),
    maybeSuspected: () =>
      log.warn('nothing was heard of other nodes for a moment, nor perhaps of this one there'),
  });
  calls.on({
    opened: ({ id }) => log.debug({ callId: id }, 'call opened'),
    adopted: ({ id }) => log.debug({ callId: id }, 'call adopted'),
    released: ({ id }) => log.debug({ callId: id }, 'call surrendered'),
    ended: ({ id }, reason, by) => log.debug({ callId: id, reason, by: by?.id }, 'call ended'),
  });
}
