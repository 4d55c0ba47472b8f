/** What a frame of the server means, as far as the bench needs to know it; undefined: nothing. */
export type Decoded = 'connected' | { readonly reply: number } | { readonly answer: string } | undefined;

/**
 * How the bench's client speaks to one kind of server: everything else about the client is the same, so that only
 * servers differ. Frames are looked at and not parsed: the client must cost next to nothing beside the server.
 */
export interface Codec {
  readonly path: string;
  /** What is sent as soon as the socket is open; null where the server speaks first. */
  readonly first: string | null;
  decode(text: string): Decoded;
  /** Tells that microphone and camera are on, and asks for a reply: nothing is cheaper to answer. */
  request(id: number): string;
}

const STATE = { microphone: true, camera: true };
const HELLO = { protocol: 1 };

export const passerby: Codec = {
  path: '/ws',
  first: JSON.stringify({ event: 'hello', data: HELLO }),
  decode: (text) => {
    if (text.startsWith('{"event":"connected"')) return 'connected';
    if (!text.startsWith('{"event":"media_state"')) return undefined;
    const id = /"id":(\d+)}$/.exec(text)?.[1];
    return id === undefined ? undefined : { reply: Number(id) };
  },
  request: (id) => JSON.stringify({ event: 'media_state', data: STATE, id }),
};

/** Engine.IO 4 and Socket.IO 5: a connect, then events with acknowledgements; the server pings in words. */
export const socketIo: Codec = {
  path: '/socket.io/?EIO=4&transport=websocket',
  first: null,
  decode: (text) => {
    if (text === '2') return { answer: '3' };
    if (text.startsWith('0{')) return { answer: '40' };
    if (text.startsWith('40{')) return { answer: `42${JSON.stringify(['hello', HELLO])}` };
    if (text.startsWith('42["connected"')) return 'connected';
    const id = /^43(\d+)\[/.exec(text)?.[1];
    return id === undefined ? undefined : { reply: Number(id) };
  },
  request: (id) => `42${id}${JSON.stringify(['media_state', STATE])}`,
};

export const CODECS = { passerby, 'socket.io': socketIo } as const;
export type CodecName = keyof typeof CODECS;
