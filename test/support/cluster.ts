import { Membership, type Heartbeat } from '../../src/app/cluster/membership';
import { NodeMessenger } from '../../src/app/cluster/node-messenger';
import { MemoryBus, type MemoryBusHub } from '../../src/memory/bus';
import type { ManualClock } from './manual-clock';

/** The heartbeat of an idle node. */
export const QUIET: Omit<Heartbeat, 'incarnation'> = {
  region: 'local',
  role: 'all',
  draining: false,
  lines: 0,
  workers: 1,
  total: 0,
  online: 0,
  connected: 0,
  calls: 0,
  searching: { video: 0, audio: 0, text: 0 },
  settings: {},
};

/** A bus that can be cut off and come back, as with Redis. */
export class FrailBus extends MemoryBus {
  isCut = false;

  override send(to: string, text: string): Promise<boolean> {
    return this.isCut ? Promise.reject(new Error('the bus is away')) : super.send(to, text);
  }

  override sendToAll(text: string): Promise<void> {
    return this.isCut ? Promise.reject(new Error('the bus is away')) : super.sendToAll(text);
  }
}

/** The part of a node that other nodes receive messages from. */
export async function clusterNode(address: string, hub: MemoryBusHub, clock: ManualClock) {
  const bus = new FrailBus(address, hub);
  const errors: unknown[] = [];
  const messenger = new NodeMessenger({ bus, clock, reportError: (error) => void errors.push(error) });
  const membership = new Membership({ messenger, clock, own: () => QUIET });
  const died: string[] = [];
  const joined: string[] = [];
  membership.on({ died: (node) => void died.push(node), joined: (node) => void joined.push(node) });
  await messenger.open();
  membership.start();
  return { bus, messenger, membership, died, joined, errors };
}
