import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type StripeObject = Record<string, unknown>;

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** What a request is answered with: a status and a body. */
type Answer = [status: number, body: object];

const MONTH_S = 30 * 24 * 3600;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Replaces Stripe's API: keeps customers, payment pages, subscriptions, invoices and refunds, answers in Stripe's form (what
 * is unknown or deleted is missing, what has ended cannot be ended again, a repeated idempotency key gets the first answer),
 * and records the requests.
 */
export class StripeStandIn {
  readonly requests: Request[] = [];
  readonly subscriptions = new Map<string, StripeObject>();
  readonly customers = new Map<string, StripeObject>();
  readonly sessions = new Map<string, StripeObject>();
  /** Prices that are others than what the default plans cost; null: there is none with this id. */
  readonly prices = new Map<string, StripeObject | null>();
  readonly refunds: { payment_intent: string }[] = [];
  /** True: answers with errors, as when Stripe has a problem. */
  isBroken = false;
  /** Requests for which it has a problem, such as `DELETE /v1/subscriptions`. */
  breaks: ((request: Request) => boolean) | undefined;
  private readonly answered = new Map<string, Answer>();
  private serial = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StripeStandIn> {
    const server = createServer();
    const standIn = new StripeStandIn(server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const [status, answer] = standIn.answer(request, body);
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

  /** The buyer pays on a payment page. Answers with the id of the subscription that begins. */
  pay(sessionId: string): string {
    const session = this.sessions.get(sessionId);
    if (session?.['status'] !== 'open') throw new Error(`nobody can pay on ${sessionId}`);
    session['status'] = 'complete';
    const id = `sub_${(this.serial += 1)}`;
    const customer = session['customer'] ?? this.makeCustomer({ email: session['customer_email'] })['id'];
    this.subscriptions.set(id, {
      ...subscriptionOf(id, String(session['price'])),
      customer,
      metadata: session['subscription_metadata'],
    });
    return id;
  }

  /** How many subscriptions still charge. */
  get charging(): string[] {
    const live = ['active', 'trialing', 'past_due', 'unpaid', 'incomplete'];
    return [...this.subscriptions].flatMap(([id, { status }]) => (live.includes(String(status)) ? [id] : []));
  }

  private answer({ method = '', url = '', headers }: IncomingMessage, body: string): Answer {
    const request = { method, url, body };
    this.requests.push(request);
    if (this.isBroken || this.breaks?.(request) === true)
      return [500, { error: { type: 'api_error', message: 'ill' } }];
    const key = method === 'POST' ? headers['idempotency-key'] : undefined;
    const before = typeof key === 'string' ? this.answered.get(key) : undefined;
    if (before !== undefined) return before;
    const answer = this.serve(request);
    if (typeof key === 'string') this.answered.set(key, answer);
    return answer;
  }

  private serve({ method, url, body }: Request): Answer {
    const { pathname, searchParams } = new URL(url, 'http://stripe');
    const form = new URLSearchParams(body);
    const [, , kind, id = '', action] = pathname.split('/');
    switch (kind) {
      case 'checkout':
        return this.ofCheckout(method, form, searchParams, pathname.split('/').slice(4));
      case 'customers':
        return this.ofCustomers(method, id, form);
      case 'subscriptions':
        return id === 'search' || (id === '' && action === undefined)
          ? [200, list(this.found(searchParams))]
          : this.ofSubscription(method, id, form);
      case 'prices':
        return this.price(id);
      case 'invoice_payments':
        return [200, list(this.invoicePayments(searchParams))];
      case 'invoices':
        return [200, { id, parent: { subscription_details: { subscription: id.replace(/^in_/, '') } } }];
      case 'refunds':
        return this.refund(form.get('payment_intent') ?? '');
      default:
        return stripeError('resource_missing', 404);
    }
  }

  private ofCheckout(
    method: string,
    form: URLSearchParams,
    query: URLSearchParams,
    [id, action]: string[],
  ): Answer {
    if (method === 'GET') {
      const all = [...this.sessions.values()];
      const fits = ['customer', 'status'].map((name) => [name, query.get(name)] as const);
      return [
        200,
        list(all.filter((one) => fits.every(([name, value]) => value === null || one[name] === value))),
      ];
    }
    const session = this.sessions.get(id ?? '');
    if (action === 'expire') {
      if (session?.['status'] !== 'open') return stripeError('resource_missing', 400);
      session['status'] = 'expired';
      return [200, session];
    }
    const customer = form.get('customer');
    if (customer !== null && !this.isCustomer(customer))
      return stripeError('resource_missing', 400, 'customer');
    const sessionId = `cs_${this.sessions.size + 1}`;
    const made = {
      id: sessionId,
      object: 'checkout.session',
      url: `https://pay.example/${sessionId}`,
      status: 'open',
      customer,
      customer_email: form.get('customer_email'),
      price: form.get('line_items[0][price]'),
      subscription_metadata: metadataIn(form, 'subscription_data[metadata]'),
    };
    this.sessions.set(sessionId, made);
    return [200, made];
  }

  private ofCustomers(method: string, id: string, form: URLSearchParams): Answer {
    if (id === '') {
      return [200, this.makeCustomer({ email: form.get('email'), metadata: metadataIn(form, 'metadata') })];
    }
    const customer = this.customers.get(id);
    if (customer === undefined) return stripeError('resource_missing', 404, 'customer');
    if (method === 'GET') return [200, customer];
    if (customer['deleted'] === true) return stripeError('resource_missing', 404, 'customer');
    this.deleteCustomer(id);
    return [200, { id, object: 'customer', deleted: true }];
  }

  /** As an operator does it in the dashboard: the customer's subscriptions end at once. */
  deleteCustomer(id: string): void {
    this.customers.set(id, { id, object: 'customer', deleted: true });
    for (const one of this.subscriptions.values()) if (one['customer'] === id) one['status'] = 'canceled';
  }

  private makeCustomer(fields: StripeObject): StripeObject {
    const id = `cus_${(this.serial += 1)}`;
    const customer = { id, object: 'customer', ...fields };
    this.customers.set(id, customer);
    return customer;
  }

  private isCustomer(id: string): boolean {
    const customer = this.customers.get(id);
    return customer !== undefined && customer['deleted'] !== true;
  }

  private ofSubscription(method: string, id: string, form: URLSearchParams): Answer {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) return stripeError('resource_missing', 404);
    if (method === 'DELETE' && subscription['status'] === 'canceled')
      return stripeError('resource_already_ended', 400);
    if (method === 'DELETE') subscription['status'] = 'canceled';
    const cancel = form.get('cancel_at_period_end');
    if (cancel !== null) subscription['cancel_at_period_end'] = cancel === 'true';
    return [200, subscription];
  }

  /** By customer, or by the user in the metadata, as the search has it. */
  private found(query: URLSearchParams): StripeObject[] {
    const customer = query.get('customer');
    const user = /\['passerby_user'\]:'([^']*)'/.exec(query.get('query') ?? '')?.[1];
    return [...this.subscriptions.values()].filter((one) =>
      customer === null
        ? (one['metadata'] as StripeObject | undefined)?.['passerby_user'] === user
        : one['customer'] === customer,
    );
  }

  /** Each subscription has one invoice, `in_` and its id, which was paid by one payment, `pi_` and its id. */
  private invoicePayments(query: URLSearchParams): StripeObject[] {
    const invoice =
      query.get('invoice') ?? query.get('payment[payment_intent]')?.replace(/^pi_/, 'in_') ?? '';
    const id = invoice.replace(/^in_/, '');
    if (this.subscriptions.get(id)?.['latest_invoice'] !== invoice) return [];
    return [{ invoice, status: 'paid', payment: { type: 'payment_intent', payment_intent: `pi_${id}` } }];
  }

  private price(id: string): Answer {
    const change = this.prices.get(id);
    if (change === null) return stripeError('resource_missing', 404, 'price');
    const recurring = { interval: 'month', interval_count: 1 };
    const usual = { id, object: 'price', active: true, currency: 'eur', unit_amount: 799, recurring };
    return [200, { ...usual, ...change }];
  }

  private refund(payment_intent: string): Answer {
    if (this.refunds.some((one) => one.payment_intent === payment_intent))
      return stripeError('charge_already_refunded', 400);
    this.refunds.push({ payment_intent });
    return [200, { id: `re_${this.refunds.length}`, object: 'refund', payment_intent }];
  }
}

/** A subscription that was paid just now. */
export const subscriptionOf = (id: string, price: string): StripeObject => ({
  id,
  object: 'subscription',
  status: 'active',
  cancel_at_period_end: false,
  latest_invoice: `in_${id}`,
  items: {
    data: [
      {
        price: { id: price },
        current_period_start: nowSeconds() - 10,
        current_period_end: nowSeconds() + MONTH_S,
      },
    ],
  },
});

function metadataIn(form: URLSearchParams, name: string): Record<string, string> {
  const fields = [...form].filter(([key]) => key.startsWith(`${name}[`));
  return Object.fromEntries(fields.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}

const list = (data: object[]): object => ({ object: 'list', data, has_more: false });

const stripeError = (code: string, status: number, param?: string): Answer => [
  status,
  {
    error: { type: 'invalid_request_error', code, message: code, ...(param === undefined ? {} : { param }) },
  },
];
