import type { Logger } from 'pino';
import type { Calls } from '../app/calls/calls';
import type { Members } from '../app/cluster/members';
import type { Switchboard } from '../app/cluster/switchboard';

/** Says in the log what operators of many nodes want to know, and, at `debug`, which calls changed their home. */
export function logNodes(
  log: Logger,
  { members, calls, switchboard }: { members: Members; calls: Calls; switchboard: Switchboard },
): void {
  members.on({
    joined: (node) => log.info({ node, self: switchboard.self }, 'another node is there'),
    died: (node) => log.info({ node, self: switchboard.self }, 'another node is gone'),
    missed: () => log.warn('nothing was heard of other nodes for a moment, nor perhaps of this one there'),
  });
  calls.on({
    opened: ({ id }) => log.debug({ callId: id }, 'call opened'),
    adopted: ({ id }) => log.debug({ callId: id }, 'call adopted'),
    surrendered: ({ id }) => log.debug({ callId: id }, 'call surrendered'),
    ended: ({ id }, reason, by) => log.debug({ callId: id, reason, by: by?.id }, 'call ended'),
  });
}
