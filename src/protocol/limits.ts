/** Limits that both sides know, so that the client can reject early what the server would reject late. */
export const LIMITS = {
  /** Raised whenever a change of the protocol breaks older clients; `hello` carries it. */
  protocolVersion: 2,
  /** Octets of one WebSocket message, either way. */
  messageBytes: 64 * 1024,
  /** Characters of one chat message. */
  chatChars: 2000,
  interests: 10,
  /** What a reader counts as signs: an emoji is one, whatever it is made of. */
  interestChars: 40,
  languages: 8,
  blockedCountries: 20,
  /** Characters of the text of a report. */
  reportChars: 1000,
  /** Seconds within which a client may resume its peer after its socket dropped. */
  resumeSeconds: 15,
  /** Seconds within which both participants have to accept before a blurred call ends by itself. */
  acceptSeconds: 20,
  /** Characters of a password. */
  passwordChars: { least: 8, most: 200 },
  /** Signs of the name that others read. Names of one letter are common in some languages. */
  nameChars: { least: 1, most: 24 },
  /** Code units of a name or an interest as it is sent: a sign may be made of a dozen. */
  writtenChars: 500,
} as const;
