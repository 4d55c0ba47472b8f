import { randomUUID } from 'node:crypto';
import type { types } from 'mediasoup';
import type { NodeAddress } from '../../app/ports/bus';
import type { PipingNode, PipeEnd } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import { NodePipe, type PipeAddress } from './node-pipe';

export interface NodePipesOptions {
  /** This node. */
  readonly self: NodeAddress;
  readonly address: PipeAddress;
  /** A pipe that this node requested is closed when no bridge has used it for this long. */
  readonly idleMs: number;
  /** A pipe is gone and the other node has not been notified. */
  readonly lost: (node: NodeAddress, pipeId: string) => void;
}

export interface RemoteRouter {
  readonly node: NodeAddress;
  readonly router: string;
}

/**
 * The node that requested a pipe closes both ends. The other node keeps its unused end longer, and closes it by itself
 * only when that notification was lost.
 */
const REQUESTED_IDLE_FACTOR = 2;

/**
 * This node's ends of all pipes to other nodes: those it requested, one for each pair of routers, and those that other
 * nodes requested. A pipe that fails or closes is forgotten at once, so that no bridge is given a dead pipe.
 *
 * Cascade of `close()`: every pipe. Other nodes are not notified, since they forget a node that stops.
 */
export class NodePipes {
  private readonly pipes = new Map<string, NodePipe>();
  /** By pair of routers: pipes that this node requested and may share, made or being made. */
  private readonly shared = new Map<string, { readonly id: string; readonly made: Promise<NodePipe> }>();
  private closed = false;

  constructor(private readonly options: NodePipesOptions) {}

  get size(): number {
    return this.pipes.size;
  }

  /** The pipe between these two routers. It is made if there is none, once for any number of concurrent callers. */
  between(own: types.Router, remote: RemoteRouter, other: PipingNode): Promise<NodePipe> {
    const key = [own.id, remote.node, remote.router].join(' ');
    const there = this.shared.get(key);
    if (there !== undefined) return there.made;
    const id = randomUUID();
    const forget = (): void => {
      if (this.shared.get(key)?.id === id) this.shared.delete(key);
    };
    const made = this.make(id, own, remote, other, forget);
    this.shared.set(key, { id, made });
    made.catch(forget);
    return made;
  }

  /** New bridges get another pipe than this one. */
  retire(pipe: NodePipe): void {
    for (const [key, { id }] of this.shared) if (id === pipe.id) this.shared.delete(key);
    pipe.retire();
  }

  /** The other node requests an end on this router. */
  async answer(id: string, from: NodeAddress, router: types.Router, end: PipeEnd): Promise<PipeEnd> {
    const pipe = await this.open(id, from, router, this.options.idleMs * REQUESTED_IDLE_FACTOR, {
      unused: () => this.options.lost(from, id),
      closed: () => undefined,
    });
    try {
      await pipe.connect(end);
      return pipe.ownEnd;
    } catch (error) {
      pipe.close();
      throw error;
    }
  }

  /** The pipe that another node requested earlier and now names, on this router. */
  known(id: string, router: types.Router): NodePipe {
    const pipe = this.pipes.get(id);
    if (pipe === undefined) throw new DomainError('media_unavailable', 'there is no such pipe', 500);
    if (pipe.routerId !== router.id) throw new DomainError('line_missing', 'the line is on another router');
    return pipe;
  }

  /** Idempotent; the other end has closed its own. */
  drop(id: string): void {
    this.pipes.get(id)?.close();
  }

  /** Closes all pipes to that node. If the node was only paused, it is notified when it goes on. */
  forget(node: NodeAddress): void {
    for (const pipe of [...this.pipes.values()]) {
      if (pipe.node !== node) continue;
      pipe.close();
      this.options.lost(node, pipe.id);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const pipe of [...this.pipes.values()]) pipe.close();
  }

  private async make(
    id: string,
    own: types.Router,
    { node, router }: RemoteRouter,
    other: PipingNode,
    forget: () => void,
  ): Promise<NodePipe> {
    // A notification. If it is lost, the other end closes by itself when no bridge uses it.
    const closeOtherEnd = (): void => other.closePipe({ pipeId: id });
    const pipe = await this.open(id, node, own, this.options.idleMs, {
      unused: closeOtherEnd,
      closed: forget,
    });
    try {
      const end = await other.openPipe({ pipeId: id, router, from: this.options.self, end: pipe.ownEnd });
      await pipe.connect(end);
      return pipe;
    } catch (error) {
      pipe.close();
      closeOtherEnd();
      throw error;
    }
  }

  private async open(
    id: string,
    node: NodeAddress,
    router: types.Router,
    idleMs: number,
    on: { readonly unused: () => void; readonly closed: () => void },
  ): Promise<NodePipe> {
    const { address, lost } = this.options;
    const options = { id, node, router, address, idleMs };
    const pipe = await NodePipe.open(options, {
      unused: (idle) => {
        idle.close();
        on.unused();
      },
      closed: (gone, wasLost) => {
        if (this.pipes.get(id) === gone) this.pipes.delete(id);
        on.closed();
        if (wasLost && !this.closed) lost(node, id);
      },
    });
    if (this.closed || pipe.isClosed) {
      pipe.close();
      throw new DomainError('media_unavailable', 'the media worker went away', 500);
    }
    this.pipes.get(id)?.close();
    this.pipes.set(id, pipe);
    return pipe;
  }
}
