/// <reference lib="dom" />
/** Runs in the browser: notes the size of every picture that leaves it. */

/** Runs in a worker, between the encoder and the network. */
const WORKER = `
onrtctransform = ({ transformer }) => {
  const note = new TransformStream({
    transform(frame, controller) {
      const { width, height } = frame.getMetadata();
      if (width > 0)
        postMessage([performance.timeOrigin + performance.now(), Math.max(width, height), frame.data.byteLength]);
      controller.enqueue(frame);
    },
  });
  transformer.readable.pipeThrough(note).pipeTo(transformer.writable).catch(() => undefined);
};
`;

export const now = (): number => performance.timeOrigin + performance.now();

export interface SentPicture {
  readonly at: number;
  /** The longer side, in pixels. */
  readonly side: number;
  readonly bytes: number;
}

/** Observes all senders of video that are made from now on. */
export class PictureProbe {
  pictures = 0;

  constructor(sent: (picture: SentPicture) => void) {
    const worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' })));
    worker.onmessage = ({ data: [at, side, bytes] }: MessageEvent<[number, number, number]>) => {
      this.pictures += 1;
      sent({ at, side, bytes });
    };
    const { prototype } = RTCPeerConnection;
    const { addTransceiver } = prototype;
    prototype.addTransceiver = function (this: RTCPeerConnection, track, init): RTCRtpTransceiver {
      const transceiver = addTransceiver.call(this, track, init);
      if (typeof track !== 'string' && track.kind === 'video')
        transceiver.sender.transform = new RTCRtpScriptTransform(worker);
      return transceiver;
    };
  }
}
