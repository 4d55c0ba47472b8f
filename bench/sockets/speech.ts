/** What a client hears, as far as the bench needs to know it. */
export type Heard = 'greeted' | { readonly reply: number } | { readonly say: string } | undefined;

/** How a client talks to one kind of server over a bare WebSocket: the same client, so that only servers differ. */
export interface Speech {
  readonly path: string;
  /** What is said as soon as the socket is open; null where the server speaks first. */
  readonly first: string | null;
  hear(text: string): Heard;
  /** Tells that microphone and camera are on, and wants to know that this was heard: nothing is cheaper to answer. */
  ask(id: number): string;
}

const STATE = { microphone: true, camera: true };
const HELLO = { protocol: 1 };

export const passerby: Speech = {
  path: '/ws',
  first: JSON.stringify({ event: 'hello', data: HELLO }),
  hear: (text) => {
    if (text.startsWith('{"event":"connected"')) return 'greeted';
    if (!text.startsWith('{"event":"media_state"')) return undefined;
    const id = /"id":(\d+)}$/.exec(text)?.[1];
    return id === undefined ? undefined : { reply: Number(id) };
  },
  ask: (id) => JSON.stringify({ event: 'media_state', data: STATE, id }),
};

/** Engine.IO 4 and Socket.IO 5: a connect, then events with acknowledgements; the server pings in words. */
export const socketIo: Speech = {
  path: '/socket.io/?EIO=4&transport=websocket',
  first: null,
  hear: (text) => {
    if (text === '2') return { say: '3' };
    if (text.startsWith('0{')) return { say: '40' };
    if (text.startsWith('40{')) return { say: `42${JSON.stringify(['hello', HELLO])}` };
    if (text.startsWith('42["connected"')) return 'greeted';
    const id = /^43(\d+)\[/.exec(text)?.[1];
    return id === undefined ? undefined : { reply: Number(id) };
  },
  ask: (id) => `42${id}${JSON.stringify(['media_state', STATE])}`,
};

export const SPEECHES = { passerby, 'socket.io': socketIo } as const;
export type SpeechName = keyof typeof SPEECHES;
