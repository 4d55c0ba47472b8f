import type { types } from 'mediasoup';
import type { MediaWorker } from '../media-worker';

/** Takes one producer from its worker to another one of this node. It starts paused. */
export class WorkerPipe {
  private constructor(
    private readonly consumer: types.Consumer,
    private readonly producer: types.Producer,
  ) {}

  static async create(producer: types.Producer, from: MediaWorker, to: MediaWorker): Promise<WorkerPipe> {
    const { pipeConsumer, pipeProducer } = await from.router.pipeToRouter({
      producerId: producer.id,
      router: to.router,
      enableSctp: false,
    });
    if (pipeConsumer === undefined || pipeProducer === undefined) throw new Error('nothing was piped');
    // mediasoup passes pauses on by requests that it does not await. When a worker dies at that moment, their failure
    // could not be caught. The original producer is paused and resumed anyway, so the pipe is resumed once, by hand.
    pipeConsumer.observer.removeAllListeners('pause');
    pipeConsumer.observer.removeAllListeners('resume');
    return new WorkerPipe(pipeConsumer, pipeProducer);
  }

  get isClosed(): boolean {
    return this.consumer.closed;
  }

  async resume(): Promise<void> {
    if (!this.producer.closed && this.producer.paused) await this.producer.resume();
  }

  /** Idempotent; its other end closes with it. */
  close(): void {
    this.consumer.close();
  }
}
