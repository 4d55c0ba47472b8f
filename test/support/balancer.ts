import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A load balancer in front of several nodes: each connection goes to the next one that answers. */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private turn = 0;

  /** `ports` answers with the ports of the nodes there are. */
  private constructor(private readonly ports: () => readonly number[]) {
    this.server = createServer((incoming) => this.forward(incoming, this.turn++, 0));
  }

  static async before(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(incoming: Socket, turn: number, tried: number): void {
    const ports = this.ports();
    const port = ports[turn % ports.length];
    incoming.on('error', () => incoming.destroy());
    if (port === undefined || tried >= ports.length) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(port, '127.0.0.1');
    this.sockets.add(incoming).add(outgoing);
    let isThrough = false;
    outgoing.once('connect', () => {
      isThrough = true;
      incoming.pipe(outgoing).pipe(incoming);
      incoming.once('close', () => outgoing.destroy());
    });
    outgoing.once('error', () => outgoing.destroy());
    outgoing.once('close', () => {
      this.sockets.delete(outgoing);
      if (isThrough) incoming.destroy();
      else this.forward(incoming, turn + 1, tried + 1);
    });
    incoming.once('close', () => this.sockets.delete(incoming));
  }
}
