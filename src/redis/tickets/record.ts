import { z } from 'zod';
import type { Ticket } from '../../domain/pairing';
import { AGE_BANDS, GENDERS, MODES } from '../../protocol';

const text = z.string().min(1);
const texts = z.array(z.string());

/**
 * A ticket as stored in Redis: a JSON list, which is a third shorter than an object with field names. Its times are in the
 * time of Redis. Another version of
 * the server may have written it, so it is validated in full. New fields are appended and optional: a version that does
 * not know them ignores them.
 */
const rowSchema = z
  .tuple([
    text, // id
    text, // peerId
    z.number(), // since
    z.enum(MODES),
    text, // region
    z.enum(['standard', 'low']), // trustPool
    z.number(), // priority
    texts, // interests
    texts, // languages
    z.enum(GENDERS).nullable(),
    z.array(z.enum(GENDERS)), // wantedGenders
    z.enum(AGE_BANDS).nullable(),
    z.array(z.enum(AGE_BANDS)), // wantedAgeBands
    z.string().nullable(), // country
    texts, // avoidCountries
    z.number().int().nullable(), // groupSize
    texts, // blocked
    z.array(z.tuple([text, z.number()])), // recent
    text.nullish(), // node
  ])
  .rest(z.unknown());

/** `offset`: from the moments of this process to the time of Redis. */
export const encodeTicket = (ticket: Ticket, offset: number): string =>
  JSON.stringify([
    ticket.id,
    ticket.peerId,
    ticket.since + offset,
    ticket.mode,
    ticket.region,
    ticket.trustPool,
    ticket.priority,
    ticket.interests,
    ticket.languages,
    ticket.gender,
    ticket.wantedGenders,
    ticket.ageBand,
    ticket.wantedAgeBands,
    ticket.country,
    ticket.avoidCountries,
    ticket.groupSize ?? null,
    ticket.blocked,
    ticket.recent.map(({ peerId, at }) => [peerId, at + offset]),
    ticket.node ?? null,
  ]);

/** Throws when the row is not a ticket. */
export function decodeTicket(row: unknown, offset: number): Ticket {
  const fields = rowSchema.parse(row);
  return {
    id: fields[0],
    peerId: fields[1],
    since: fields[2] - offset,
    mode: fields[3],
    region: fields[4],
    trustPool: fields[5],
    priority: fields[6],
    interests: fields[7],
    languages: fields[8],
    gender: fields[9],
    wantedGenders: fields[10],
    ageBand: fields[11],
    wantedAgeBands: fields[12],
    country: fields[13],
    avoidCountries: fields[14],
    groupSize: fields[15] ?? undefined,
    blocked: fields[16],
    recent: fields[17].map(([peerId, at]) => ({ peerId, at: at - offset })),
    node: fields[18] ?? undefined,
  };
}
