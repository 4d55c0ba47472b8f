import type { Logger } from 'pino';
import type { Calls } from '../app/calls/calls';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';

/** Logs what operators of many nodes want to know, and, at `debug`, which calls changed their owner. */
export function logNodes(
  log: Logger,
  { membership, calls, messenger }: { membership: Membership; calls: Calls; messenger: NodeMessenger },
): void {
  membership.on({
    joined: (node) => {
      log.info({ node, self: messenger.self }, 'another node has joined');
      const different = membership.differentSettings().map(({ setting }) => setting);
      if (different.length > 0)
        log.warn({ node, different }, 'nodes have different settings, which need to be alike');
    },
    died: (node) => log.info({ node, self: messenger.self }, 'another node is dead'),
    heldUp: () => log.warn('this node was held up or heard nothing: others may have declared it dead'),
  });
  calls.on({
    opened: ({ id }) => log.debug({ callId: id }, 'call opened'),
    adopted: ({ id }) => log.debug({ callId: id }, 'call adopted'),
    released: ({ id }) => log.debug({ callId: id }, 'call released to another owner'),
    ended: ({ id }, reason, by) => log.debug({ callId: id, reason, by: by?.id }, 'call ended'),
  });
}
