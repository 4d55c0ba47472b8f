import type { types } from 'mediasoup';
import type { PipedProducer } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import type { CallMedia, Source } from '../../protocol';
import type { ActiveBridge } from './bridges';
import type { Line } from '../line';
import { LowLayerFirst } from './low-layer-first';
import { pipedForWire, type NodePipe } from '../pipes/node-pipe';
import { consumerForWire } from '../wire';

/** What this node's peer sends into the pipe. */
interface Outgoing {
  readonly source: Source;
  readonly producer: types.Producer;
  readonly pipe: types.Consumer;
}

/** What comes out of the pipe for this node's peer. */
interface Incoming {
  readonly source: Source;
  readonly pipe: types.Producer;
  readonly consumer: types.Consumer;
}

/**
 * This node's part of a bridge whose other line is on another node. Like every bridge it starts paused: what comes out of
 * the pipe is paused, and nothing goes in while the peer's own producers are paused. The two ends are deliberately not
 * kept in step over the network. Each node resumes its consumers first and its producers last. Then everything between
 * them is open when the producers ask for the one key frame. A consumer or pipe is never paused again, only closed.
 *
 * Cascade of `close()`: it pauses the line's producers, closes consumers and its streams in the pipe, and stops using the
 * pipe. The line stays. A pipe that is gone has closed all but the producers; `close()` does the rest.
 */
export class BridgeLeg implements ActiveBridge {
  private readonly outgoing: Outgoing[] = [];
  private readonly incoming: Incoming[] = [];
  private readonly lowLayerFirst = new LowLayerFirst();
  private readonly release: () => void;
  private closed = false;

  constructor(
    readonly generation: number,
    private readonly line: Line,
    private readonly pipe: NodePipe,
    private readonly sources: readonly Source[],
    /** Called when the pipe is gone. */
    broken: () => void,
  ) {
    this.release = pipe.use(broken);
  }

  get consumers(): number {
    return this.incoming.filter(({ consumer }) => !consumer.closed).length;
  }

  get pipes(): number {
    return [...this.incoming, ...this.outgoing].filter(({ pipe }) => !pipe.closed).length;
  }

  /** What this node's peer has to consume. */
  get media(): CallMedia {
    const consumers = this.incoming.map(({ consumer, source }) => consumerForWire(consumer, source));
    return { generation: this.generation, consumers };
  }

  /** Pipes out what the line produces. Returns what the other node needs to take it in. */
  async pipeOut(): Promise<PipedProducer[]> {
    const producers = [...this.line.producers].filter(([source]) => this.sources.includes(source));
    await Promise.all(
      producers.map(async ([source, producer]) => {
        const pipe = await this.pipe.send(producer);
        if (this.closed) {
          pipe.close();
          throw new DomainError('line_missing', 'the bridge was closed before it was made');
        }
        this.outgoing.push({ source, producer, pipe });
      }),
    );
    return this.outgoing.map(({ pipe, source }) => pipedForWire(pipe, source));
  }

  /** Makes paused consumers of what the other node has piped out. */
  async takeIn(piped: readonly PipedProducer[]): Promise<void> {
    await Promise.all(
      piped.filter(({ source }) => this.sources.includes(source)).map((one) => this.take(one)),
    );
  }

  /** The other node's peer cannot consume the other sources: they are not sent. */
  pipeOnly(sources: readonly string[]): void {
    for (const { source, pipe } of this.outgoing) if (!sources.includes(source)) pipe.close();
  }

  async resumeConsumers(isOpen: boolean): Promise<void> {
    const now = this.incoming.filter(
      ({ source, consumer, pipe }) => carries(source, isOpen) && !consumer.closed && !pipe.closed,
    );
    for (const { consumer } of now) this.lowLayerFirst.follow(consumer, isOpen);
    await Promise.all(now.flatMap(({ consumer, pipe }) => [consumer.resume(), pipe.resume()]));
  }

  async resumeProducers(isOpen: boolean): Promise<void> {
    const now = this.outgoing.filter(({ source, pipe }) => carries(source, isOpen) && !pipe.closed);
    await this.line.resumeProducers(
      this,
      now.map(({ producer }) => producer),
    );
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.line.pauseProducers(this);
    for (const { consumer, pipe } of this.incoming) {
      consumer.close();
      pipe.close();
    }
    for (const { pipe } of this.outgoing) pipe.close();
    this.release();
  }

  private async take(piped: PipedProducer): Promise<void> {
    const pipe = await this.pipe.receive(piped);
    try {
      const consumer = await this.line.consume(pipe.id);
      if (consumer === undefined) {
        // A browser that cannot decode this kind still gets the other one: sound without picture.
        pipe.close();
        return;
      }
      if (this.closed) {
        consumer.close();
        throw new DomainError('line_missing', 'the bridge was closed before it was made');
      }
      this.incoming.push({ source: piped.source, pipe, consumer });
    } catch (error) {
      pipe.close();
      throw error;
    }
  }
}

const carries = (source: Source, isOpen: boolean): boolean => isOpen || source !== 'microphone';
