import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How often the health of each node is checked. */
const CHECK_MS = 200;

/** One address for several nodes: each new connection goes to the next healthy one. */
export class LoadBalancer {
  private readonly well = new Set<string>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly timer: NodeJS.Timeout;
  private turn = 0;

  private constructor(private readonly nodes: () => readonly string[]) {
    this.server = createServer((incoming) => this.forward(incoming));
    this.timer = setInterval(() => void this.check(), CHECK_MS);
  }

  /** `nodes`: their addresses (`http://localhost:…`) at this moment. */
  static async over(nodes: () => readonly string[]): Promise<LoadBalancer> {
    const balancer = new LoadBalancer(nodes);
    await balancer.check();
    await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async check(): Promise<void> {
    await Promise.all(
      this.nodes().map(async (node) => {
        const reply = await fetch(`${node}/videochat/health`).catch(() => undefined);
        if (reply?.status === 200) this.well.add(node);
        else this.well.delete(node);
      }),
    );
  }

  private forward(incoming: Socket): void {
    const able = this.nodes().filter((node) => this.well.has(node));
    const node = able[this.turn++ % Math.max(1, able.length)];
    if (node === undefined) {
      incoming.resetAndDestroy();
      return;
    }
    const outgoing = connect(Number(new URL(node).port), '127.0.0.1');
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
