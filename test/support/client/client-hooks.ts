import type { ClientEventName, ClientInput, Mode, ServerData, ServerMessage } from '../../../src/protocol';
import type { Handshake } from './client-media';

export type ClientState =
  | { readonly state: 'idle' }
  /** `confirmedAt`: when the server last said so; 0 before that. */
  | { readonly state: 'searching'; confirmedAt: number }
  /** `isOpen`: both have accepted. */
  | { readonly state: 'in_call'; readonly callId: string; readonly partnerId: string; isOpen: boolean };

/** A node that a client can connect to. */
export interface Endpoint {
  readonly wsUrl: string;
}

export interface ClientWishes {
  readonly mode: Mode;
  readonly blurFirst: boolean;
}

/** The decisions that an autonomous client makes in place of a user. */
export interface ClientPolicy<E extends Endpoint> {
  /** The node to try next; undefined when none serves at this moment. */
  pickEndpoint(): E | undefined;
  /** How long to wait before the next try to connect (ms). */
  reconnectAfterMs(): number;
  /** How long the user looks at a partner before accepting (ms). */
  acceptAfterMs(): number;
  /** Whether a message that was delivered is read as well. */
  readsMessage(): boolean;
  /** Whether the user searches again after a call that the user did not end. */
  searchesAgain(): boolean;
}

/** The events of an autonomous client, for code that counts, records or asserts. */
export interface ClientHooks<E extends Endpoint> {
  /** A validated message of the server, before the client acts on it. */
  received?(message: ServerMessage, endpoint: E): void;
  /** Something is about to be sent. */
  sending?<N extends ClientEventName>(event: N, data: ClientInput<N>): void;
  /** A request was answered with this error code. */
  rejected?(code: string, event: string): void;
  violation?(words: string): void;
  /** `returning`: a resume token was shown. */
  connected?(handshake: Handshake, endpoint: E, returning: boolean): void;
  disconnected?(code: number, reason: string): void;
  searchBegan?(): void;
  /** The server confirmed that the client waits for a partner. */
  waiting?(): void;
  /**
   * Also for a call that already went on before the client came back (`again`). If the client is still in another call by
   * its own state, that one is over without `callEnded`: the client received no message about its end.
   */
  callFound?(call: ServerData<'partner_found'>): void;
  /** `how`: in what way the client learnt of the end. */
  callEnded?(how: string): void;
  partnerPresence?(isPresent: boolean): void;
  /** The server has said nothing for two seconds of a call: the partner may have left it; or it speaks again. */
  inDoubt?(isInDoubt: boolean): void;
  mediaBridged?(): void;
  /** The page is loaded again, since the server has a state that the client does not know. */
  reloading?(): void;
}
