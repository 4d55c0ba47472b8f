/** No packet of sound for this long means silence: a sender that hears nothing sends nothing. */
const SILENT_AFTER_MS = 400;

/** How loud the partner is, as the browser measures it while it plays their sound. */
export class PartnerLevel {
  private last: { rtpTimestamp: number; at: number } | undefined;

  /** 0–1. It is cheap enough for every animation frame. */
  of(receiver: RTCRtpReceiver | undefined, now: number): number {
    const [source] = receiver?.getSynchronizationSources() ?? [];
    if (source?.audioLevel === undefined) return 0;
    if (this.last?.rtpTimestamp !== source.rtpTimestamp) {
      this.last = { rtpTimestamp: source.rtpTimestamp, at: now };
    }
    return now - this.last.at > SILENT_AFTER_MS ? 0 : Math.min(1, source.audioLevel);
  }
}
