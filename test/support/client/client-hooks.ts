import type { ClientEventName, ClientInput, Mode, ServerData, ServerMessage } from '../../../src/protocol';
import type { Handshake } from './client-media';

/** A node that a client can connect to. */
export interface Endpoint {
  readonly wsUrl: string;
}

export interface ClientWishes {
  readonly mode: Mode;
  readonly blurFirst: boolean;
}

/** What an autonomous client decides, where people differ. */
export interface ClientPolicy<E extends Endpoint> {
  /** The node to try next; undefined where none serves at this moment. */
  pickEndpoint(): E | undefined;
  /** How long to wait before the next try to connect (ms). */
  reconnectAfterMs(): number;
  /** How long somebody looks at a partner before they accept them (ms). */
  acceptAfterMs(): number;
  /** Whether a message that was delivered is read as well. */
  readsMessage(): boolean;
  /** Whether somebody whose call ended without their doing searches again. */
  searchesAgain(): boolean;
}

/** What happens to an autonomous client, for whoever counts, records or asserts. */
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
   * Also for a call that already went on before the client came back (`again`). Where the client believes to be in
   * another call, that one is over without `callEnded`: nobody has told it so.
   */
  callFound?(call: ServerData<'partner_found'>): void;
  /** `how`: in what way the client learnt of the end. */
  callEnded?(how: string): void;
  partnerPresence?(isPresent: boolean): void;
  mediaJoined?(): void;
  /** The page is loaded again, since the server knows of a state that the client knows nothing of. */
  reloading?(): void;
}
