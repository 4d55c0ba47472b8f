import type { CallView, Link, PartedReason } from './state';

export interface PlaceScene {
  call(): CallView | undefined;
  parted(call: CallView, reason: PartedReason): void;
}

/**
 * Ends a call on this side when its place at the server is certainly gone: a server that restarts knows of no calls
 * afterwards, and any other keeps a place for so long only.
 */
export class HeldPlace {
  private timer: number | undefined;

  constructor(private readonly scene: PlaceScene) {}

  follow(link: Link): void {
    this.close();
    if (link.state !== 'reconnecting') return;
    if (link.why === 'restarting') this.end('shutting_down');
    else this.timer = window.setTimeout(() => this.end('away'), (link.keptUntil ?? 0) - Date.now());
  }

  close(): void {
    window.clearTimeout(this.timer);
  }

  private end(reason: PartedReason): void {
    const call = this.scene.call();
    if (call !== undefined) this.scene.parted(call, reason);
  }
}
