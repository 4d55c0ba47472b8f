import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Replaces Stripe's API: keeps subscriptions, answers the requests of this product in Stripe's form (an unknown
 * subscription is missing, one that has ended cannot be ended again), and records the requests.
 */
export class StripeStandIn {
  readonly requests: { method: string; url: string; body: string }[] = [];
  readonly subscriptions = new Map<string, Record<string, unknown>>();
  /** True: answers with errors, as when Stripe has a problem. */
  isBroken = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StripeStandIn> {
    const server = createServer();
    const standIn = new StripeStandIn(server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const [status, answer] = standIn.answer(request.method ?? '', request.url ?? '', body);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(method: string, url: string, body: string): [number, object] {
    this.requests.push({ method, url, body });
    if (this.isBroken) return [500, { error: { type: 'api_error', message: 'ill' } }];
    if (url === '/v1/checkout/sessions') {
      return [200, { id: 'cs_1', object: 'checkout.session', url: 'https://pay.example/cs_1' }];
    }
    const id = /^\/v1\/subscriptions\/(\w[\w-]*)/.exec(url)?.[1] ?? '';
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) return stripeError('resource_missing', 404);
    if (method === 'DELETE' && subscription['status'] === 'canceled')
      return stripeError('resource_already_ended', 400);
    if (method === 'DELETE') subscription['status'] = 'canceled';
    if (body !== '') subscription['cancel_at_period_end'] = body === 'cancel_at_period_end=true';
    return [200, subscription];
  }
}

const stripeError = (code: string, status: number): [number, object] => [
  status,
  { error: { type: 'invalid_request_error', code, message: code } },
];
