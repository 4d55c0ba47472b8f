import { hrefOf, locationAt, type Address, type Location, type Place } from './paths';

/** Where addresses are kept: the browser's history, or a list in a rehearsal. */
export interface Addresses {
  read(): Address;
  push(href: string): void;
  replace(href: string): void;
  /** The person went back or forward. */
  onMove(listener: () => void): () => void;
}

/** Which page is on. The address is the only truth; this reads it and writes it. */
export class Router {
  private location: Location;
  private readonly listeners = new Set<() => void>();
  private readonly stopListening: () => void;

  constructor(private readonly addresses: Addresses) {
    this.location = locationAt(addresses.read());
    this.stopListening = addresses.onMove(() => this.read());
  }

  readonly getLocation = (): Location => this.location;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  go(place: Place, hash = ''): void {
    // Pressing the link one is at already would only add a step back that leads nowhere.
    if (place === this.location.place && hash === this.location.hash) return;
    this.addresses.push(hrefOf(place, hash));
    this.read();
  }

  /** The same without a step back: what stood here before is not worth coming back to. */
  replace(place: Place, hash = ''): void {
    this.addresses.replace(hrefOf(place, hash));
    this.read();
  }

  close(): void {
    this.stopListening();
  }

  private read(): void {
    this.location = locationAt(this.addresses.read());
    for (const listener of this.listeners) listener();
  }
}
