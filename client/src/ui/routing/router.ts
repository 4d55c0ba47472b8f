import type { Address, LinkOptions, LocationOf, RouteNameOf, RouteTable, Routes } from './routes';

/** Where addresses are kept: the browser's history, or a list in memory. */
export interface AddressHistory {
  read(): Address;
  push(href: string): void;
  replace(href: string): void;
  /** Calls back when the user goes back or forward. Returns the function that stops it. */
  onPopState(listener: () => void): () => void;
}

/** The current page of one app. The address is the only source of truth; the router reads it and writes it. */
export class Router<const R extends RouteTable> {
  private location: LocationOf<R>;
  private readonly listeners = new Set<() => void>();
  private readonly stopListening: () => void;

  constructor(
    readonly routes: Routes<R>,
    private readonly history: AddressHistory,
  ) {
    this.location = routes.locationAt(history.read());
    this.stopListening = history.onPopState(() => this.read());
  }

  readonly getLocation = (): LocationOf<R> => this.location;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  go<Name extends RouteNameOf<R>>(route: Name, ...options: LinkOptions<R[Name]>): void {
    const href = this.routes.hrefOf(route, ...options);
    // A second entry for the current address would make the Back button do nothing.
    if (href === this.routes.addressOf(this.location)) return;
    this.history.push(href);
    this.read();
  }

  /** Goes to a route without a new history entry, because the current one is not worth coming back to. */
  replace<Name extends RouteNameOf<R>>(route: Name, ...options: LinkOptions<R[Name]>): void {
    this.history.replace(this.routes.hrefOf(route, ...options));
    this.read();
  }

  close(): void {
    this.stopListening();
  }

  private read(): void {
    this.location = this.routes.locationAt(this.history.read());
    for (const listener of this.listeners) listener();
  }
}
