import type { Logger } from 'pino';
import { ForwardingUnit } from './forwarding-unit';
import { capabilitiesForWire } from './wire';
import { WorkerPool } from './worker-pool';

export interface ForwardingUnitOptions {
  readonly ip: string;
  readonly announcedAddress?: string;
  /** The first worker's port; each next worker takes the next one. 0: any free ports. */
  readonly port: number;
  readonly workers: number;
  readonly workerBin?: string;
}

/** Starts the media workers of this node. */
export async function startForwardingUnit(
  options: ForwardingUnitOptions,
  log: Logger,
): Promise<ForwardingUnit> {
  const { ip, announcedAddress, port, workers, workerBin } = options;
  const address = { ip, ...(announcedAddress === undefined ? {} : { announcedAddress }) };
  const pool = await WorkerPool.start({
    size: workers,
    listen: (index) => [{ ...address, port: port === 0 ? 0 : port + index }],
    logLevel: 'error',
    log,
    ...(workerBin === undefined ? {} : { workerBin }),
  });
  const [first] = pool.alive;
  if (first === undefined) throw new Error('no media worker could be started');
  // All routers are made of the same codecs, so the first one's capabilities are everybody's.
  return new ForwardingUnit(pool, capabilitiesForWire(first.router.rtpCapabilities), log);
}
