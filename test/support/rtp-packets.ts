/** RTP of one stream as on the wire: 12 bytes of header and a payload that looks like VP8. */
export class Vp8Packets {
  private sequence = 0;
  private timestamp = 0;

  constructor(
    private readonly ssrc: number,
    private readonly payloadType: number,
  ) {}

  /** A frame of one packet: the start of a partition, and a key frame where the lowest bit of its first byte is 0. */
  next(isKey: boolean): Buffer {
    this.sequence += 1;
    this.timestamp += 3_000;
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(0x80 | this.payloadType, 1);
    header.writeUInt16BE(this.sequence, 2);
    header.writeUInt32BE(this.timestamp, 4);
    header.writeUInt32BE(this.ssrc, 8);
    const keyFrame = [0x10, 0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00];
    return Buffer.concat([header, Buffer.from(isKey ? keyFrame : [0x10, 0x01, 0x00, 0x00])]);
  }
}

const PAYLOAD_FEEDBACK = 206;

/** The streams for which this RTCP requests a key frame, by picture loss indication. */
export function keyFrameRequests(rtcp: Buffer): number[] {
  const requested: number[] = [];
  for (let at = 0; at + 12 <= rtcp.length; at += (rtcp.readUInt16BE(at + 2) + 1) * 4) {
    const isPli = (rtcp.readUInt8(at) & 0x1f) === 1 && rtcp.readUInt8(at + 1) === PAYLOAD_FEEDBACK;
    if (isPli) requested.push(rtcp.readUInt32BE(at + 8));
  }
  return requested;
}
