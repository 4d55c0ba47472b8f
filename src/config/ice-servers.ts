import { z } from 'zod';
import { iceServerSchema } from '../protocol';
import { host, json } from './forms';

/** As in RFC 7064 and 7065: no slashes, and a transport only for TURN. IPv6 addresses are in brackets. */
const ICE_URL = /^(stuns?|turns?):(\[[^\]]+\]|[^:?[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;

/** What a browser would refuse in the URL of a STUN or TURN server; undefined: nothing. */
function faultOf(url: string): string | undefined {
  const [, scheme, address = '', port = '3478', transport] = ICE_URL.exec(url) ?? [];
  const isHost = host.safeParse(address.replace(/^\[|\]$/g, '')).success;
  if (scheme === undefined || !isHost || Number(port) < 1 || Number(port) > 65535)
    return 'is no address such as stun:stun.example.org:3478 or turn:turn.example.org:3478?transport=udp, without slashes';
  return transport !== undefined && scheme.startsWith('stun')
    ? 'takes ?transport= only for turn:'
    : undefined;
}

/** STUN and TURN servers that browsers can use: one server that they refuse keeps a page from making any connection. */
export const iceServers = json(
  z.array(
    iceServerSchema.superRefine(({ urls, username = '', credential = '' }, context) => {
      urls.forEach((url, index) => {
        const fault = faultOf(url);
        if (fault !== undefined) context.addIssue({ code: 'custom', path: ['urls', index], message: fault });
      });
      const isTurn = urls.some((url) => url.startsWith('turn'));
      if (isTurn && (username === '' || credential === ''))
        context.addIssue('names a TURN server, which needs username and credential beside urls');
    }),
  ),
);
