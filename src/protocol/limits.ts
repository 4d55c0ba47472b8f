/** Limits that both sides know, so that the client can refuse early what the server would refuse late. */
export const LIMITS = {
  /** Raised whenever a change of the protocol breaks older clients; `hello` carries it. */
  protocolVersion: 1,
  /** Octets of one WebSocket message, either way. */
  messageBytes: 64 * 1024,
  /** Characters of one chat message. */
  chatChars: 2000,
  interests: 10,
  interestChars: 40,
  languages: 8,
  blockedCountries: 20,
  /** Characters of the words that go with a report. */
  reportChars: 1000,
  /** Seconds a dropped socket may take to come back as the same person. */
  resumeSeconds: 15,
  /** Seconds both people have to say yes before a blurred meeting ends by itself. */
  acceptSeconds: 20,
  /** Characters of a password. */
  passwordChars: { least: 8, most: 200 },
  /** Characters of the name that others read. */
  nameChars: { least: 2, most: 24 },
} as const;
