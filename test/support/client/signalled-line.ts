import { setTimeout as sleep } from 'node:timers/promises';
import { cameraRtp, microphoneRtp, receiver } from '../rtp';
import type { ClientMedia, Signaling } from './client-media';

/** How long both lines are kept when a line moves (ms). */
const OVERLAP_MS = 100;

/**
 * A line that exists in signaling only: the server has transports, producers and consumers for it, and no packet is
 * ever sent. `open` makes it; from then on it is moved and remade as the product's client does it.
 */
export class SignalledLine implements ClientMedia {
  private lineId: string | undefined;

  constructor(private readonly signaling: Signaling) {}

  async open(): Promise<void> {
    this.lineId = await this.create(false);
  }

  connected(): void {
    // The server keeps the line of a peer that resumes.
  }

  join(): Promise<boolean> {
    return Promise.resolve(true);
  }

  leaveCall(): void {
    // There is nothing to release: no consumer exists on this side.
  }

  lineLost(): void {
    this.open().catch(() => undefined);
  }

  lineMoves(lineId: string): void {
    if (lineId === this.lineId) this.move(lineId).catch(() => undefined);
  }

  close(): void {
    this.lineId = undefined;
  }

  private async move(old: string): Promise<void> {
    this.lineId = await this.create(true);
    await sleep(OVERLAP_MS);
    this.signaling.send('line_close', { lineId: old });
  }

  private async create(beside: boolean): Promise<string> {
    const { signaling } = this;
    const { lineId } = await signaling.request('line_open', {
      rtpCapabilities: receiver,
      makeBeforeBreak: beside,
    });
    const camera = { lineId, source: 'camera', kind: 'video', rtpParameters: cameraRtp() } as const;
    const microphone = {
      lineId,
      source: 'microphone',
      kind: 'audio',
      rtpParameters: microphoneRtp(),
    } as const;
    for (const track of [camera, microphone]) await signaling.request('line_produce', track);
    await signaling.request('line_ready', { lineId });
    return lineId;
  }
}
