export interface DeviceTrackEvents {
  /** The track has ended, and not because the page has stopped it. */
  ended(): void;
  /** The system has taken the device for a while, or gives it back. */
  interrupted(isInterrupted: boolean): void;
}

/** The track of an open camera or microphone, with an ear on what the browser reports of it. */
export class DeviceTrack {
  constructor(
    readonly track: MediaStreamTrack,
    private readonly events: DeviceTrackEvents,
  ) {
    track.addEventListener('ended', this.onEnded);
    track.addEventListener('mute', this.onMute);
    track.addEventListener('unmute', this.onUnmute);
  }

  get deviceId(): string {
    return this.track.getSettings().deviceId ?? '';
  }

  get isLive(): boolean {
    return this.track.readyState === 'live';
  }

  /** Nothing is reported any more. */
  stop(): void {
    this.track.removeEventListener('ended', this.onEnded);
    this.track.removeEventListener('mute', this.onMute);
    this.track.removeEventListener('unmute', this.onUnmute);
    this.track.stop();
  }

  private readonly onEnded = (): void => this.events.ended();
  private readonly onMute = (): void => this.events.interrupted(true);
  private readonly onUnmute = (): void => this.events.interrupted(false);
}
