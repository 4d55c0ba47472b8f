import { createWorker, type types } from 'mediasoup';
import { ROUTER_CODECS, SILENCE } from './codecs';

export interface ListenAddress {
  readonly ip: string;
  readonly announcedAddress?: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface MediaWorkerOptions {
  readonly index: number;
  readonly listen: readonly ListenAddress[];
  readonly workerBin?: string;
  readonly logLevel: types.WorkerLogLevel;
}

/**
 * One mediasoup worker process with the one Router, the one WebRtcServer and the one silent producer that all
 * lines on it share. Cascade: closing it (or its death) closes the router, with it every transport, with each
 * transport its producers and consumers. Lines notice it by their transports.
 */
export class MediaWorker {
  /** Lines that are here or are being made here; a line counts from the moment it is placed. */
  lines = 0;

  private constructor(
    readonly index: number,
    private readonly worker: types.Worker,
    readonly router: types.Router,
    readonly webRtcServer: types.WebRtcServer,
    readonly silence: types.Producer,
  ) {}

  static async spawn(options: MediaWorkerOptions): Promise<MediaWorker> {
    const worker = await deafToSignals(() =>
      createWorker({
        logLevel: options.logLevel,
        ...(options.workerBin === undefined ? {} : { workerBin: options.workerBin }),
      }),
    );
    try {
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: options.listen.flatMap((address) =>
          (['udp', 'tcp'] as const).map((protocol) => ({
            protocol,
            ip: address.ip,
            port: address.port,
            ...(address.announcedAddress === undefined ? {} : { announcedAddress: address.announcedAddress }),
          })),
        ),
      });
      const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
      const direct = await router.createDirectTransport();
      const silence = await direct.produce({ kind: 'audio', rtpParameters: SILENCE });
      return new MediaWorker(options.index, worker, router, webRtcServer, silence);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  get pid(): number {
    return this.worker.pid;
  }

  get closed(): boolean {
    return this.worker.closed;
  }

  /** The listener is called once, when the process has ended unexpectedly. */
  onDied(listener: (error: Error) => void): void {
    this.worker.once('died', (error) => listener(error ?? new Error('worker died')));
  }

  close(): void {
    if (!this.worker.closed) this.worker.close();
  }
}

/**
 * mediasoup closes its workers by itself when this process gets a signal to stop. But a node that stops first hands over
 * its calls, which go on meanwhile. It closes its workers when that is done.
 */
function deafToSignals<T>(start: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const started = start();
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.has(listener) !== true) process.removeListener(signal, listener);
    }
  });
  return started;
}
