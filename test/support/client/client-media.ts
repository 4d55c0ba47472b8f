import type { CallMedia, ClientEventName, ClientInput, ClientReply, ServerData } from '../../../src/protocol';

export type Handshake = ServerData<'connected'>;

/** How media is signalled: requests on whichever socket the client has at this moment. */
export interface Signaling {
  send<E extends ClientEventName>(event: E, data: ClientInput<E>): void;
  request<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>>;
}

/** The media of an autonomous client, as a plug-in: real lines, lines that are only signalled, or none at all. */
export interface ClientMedia {
  /** The server has said `connected`. */
  connected(handshake: Handshake): void;
  /** Consumes the media of a call. `false`: there is no line to receive it on yet. */
  join(media: CallMedia): Promise<boolean>;
  /** The call is over, or another one begins. */
  leaveCall(): void;
  lineLost(lineId: string): void;
  /** The media node of the line is drained. */
  lineMoves(lineId: string): void;
  close(): void;
}
