// `npm run bans -- list|add|lift`: who is kept out, on a running node and through its endpoints for operators. The node is
// named by `--url` (by default the one at PORT on this machine), and the token is OPERATOR_TOKEN or the one in DATA_DIR. A
// ban holds on all nodes, so any of them will do. A stopped installation has to be started first.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from './setup/project.mjs';

/** Exit codes: 1 it could not be done, 2 wrong use. */
const EXIT = { failed: 1, use: 2 };

const HELP = `Says who is kept out, and keeps people out. It needs a running node.

  list [--all] [--about MARK]       the bans and holds that hold; --all: also those that are over; --about: those about
                                    a user id, or about a hash of a device, address or network as the list shows it
  add --user ID | --report ID | --device MARK | --address ADDRESS
      --hours N | --for-good  --reason REASON [--note TEXT] [--follow device,address,subnet]
  lift ID                           ends a ban or a hold

  --user ID          an account's or a guest's id
  --report ID        whomever that report is about
  --address ADDRESS  an IP address, or a network with /24 (IPv4) or /48 (IPv6); only a keyed hash of it is kept
  --follow           what is banned of that user as well, wherever they show up: device (the default), address, subnet
  --reason           harassment, inappropriate_content, nudity, underage, violence, hate_speech, spam, scam,
                     impersonation, other: the banned person reads it
  --note             for operators only
  --url URL          the node, http://127.0.0.1:PORT by default
  --json             prints what the node answers

The token is OPERATOR_TOKEN, or the one in DATA_DIR/operator-token.
Exit codes: 0 done, 1 it could not be done, 2 wrong use.
`;

/** Ends the command, with words for the person who typed it. */
class Stop extends Error {
  constructor(message, code = EXIT.failed) {
    super(message);
    this.code = code;
  }
}

const wrongUse = (message) => new Stop(`${message}\n\n${HELP}`, EXIT.use);

function readArguments() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...{ user: text, report: text, device: text, address: text, hours: text, reason: text, note: text },
        ...{ follow: text, url: text, about: text, all: flag, json: flag, 'for-good': flag },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrongUse(error.message);
  }
}

function token() {
  if (process.env.OPERATOR_TOKEN) return process.env.OPERATOR_TOKEN;
  const file = path.resolve(projectFolder, process.env.DATA_DIR || 'data', 'operator-token');
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    throw new Stop(
      `There is no operator token: set OPERATOR_TOKEN, or DATA_DIR to the node's folder (${file}).`,
    );
  }
}

async function ask(values, method, place, body) {
  const url = new URL(place, values.url ?? `http://127.0.0.1:${process.env.PORT || 3000}`);
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop(`No node answers at ${url.origin}. Start it, or name one with --url.`);
  }
  const reply = await response.json().catch(() => ({}));
  if (response.ok) return reply;
  if (response.status === 401) throw new Stop(`The node at ${url.origin} has another operator token.`);
  const refused = response.status === 400 ? refusedValues(reply.error?.message, values) : [];
  if (refused.length > 0)
    throw new Stop(`The node does not accept ${refused.join(' and ')}. See: npm run bans -- help`, EXIT.use);
  throw new Stop(`The node did not do it: ${reply.error?.message ?? `status ${response.status}`}.`);
}

/** All pages: an old ban may hold longer than many newer ones. */
async function listed(values) {
  if (values.about !== undefined)
    return (await ask(values, 'GET', `/videochat/bans/about/${encodeURIComponent(values.about)}`)).bans;
  const all = [];
  for (let place = '/videochat/bans'; place !== null;) {
    const { bans, next } = await ask(values, 'GET', place);
    all.push(...bans);
    place = next === null ? null : `/videochat/bans/before/${encodeURIComponent(next)}`;
  }
  return all;
}

function targetOf({ user, report, device, address }) {
  const targets = [
    ['userId', user],
    ['reportId', report],
    ['device', device],
    ['address', address],
  ].filter(([, value]) => value !== undefined);
  if (targets.length !== 1) throw wrongUse('add needs one of --user, --report, --device and --address.');
  if (address !== undefined) checkAddress(address);
  return Object.fromEntries(targets);
}

/** The node answers without what was typed, so that no log has it. Here it can be named. */
function checkAddress(address) {
  const [first, bits, ...rest] = address.split('/');
  const widths = { 0: [], 4: [24], 6: [48, 64] }[net.isIP(first)];
  const isNetwork = bits !== undefined;
  if (net.isIP(first) !== 0 && rest.length === 0 && (!isNetwork || widths.includes(Number(bits)))) return;
  throw new Stop(
    `"${address}" cannot be banned as an address. It has to be an IP address, or a network of /24 (IPv4), ` +
      '/48 or /64 (IPv6).',
    EXIT.use,
  );
}

/** What the node does not accept, in the words of the command line. */
function refusedValues(message, values) {
  const options = {
    target: ['user', 'report', 'device', 'address'],
    ...{ hours: ['hours'], reason: ['reason'], note: ['note'], follows: ['follow'] },
  };
  const named = (message?.split(': ')[1] ?? '')
    .split(', ')
    .flatMap((path) => options[path.split('.')[0]] ?? []);
  return named.filter((name) => values[name] !== undefined).map((name) => `--${name} "${values[name]}"`);
}

function hoursOf({ hours, 'for-good': forGood }) {
  if ((hours === undefined) === (forGood !== true)) throw wrongUse('add needs --hours N or --for-good.');
  if (forGood) return null;
  if (!/^\d+(\.\d+)?$/.test(hours) || Number(hours) <= 0) throw wrongUse('--hours needs a number above 0.');
  return Number(hours);
}

const unknownUser = (user, banId) =>
  `Warning: no user "${user}" is known. Nobody with this id has an account, is at this node now, or was reported.\n` +
  `The ban holds all the same, because a guest's record expires. If the id is wrong: npm run bans -- lift ${banId}\n`;

function say({ id, by, subjects, reason, note, holds, endsAt, liftedAt }) {
  const state = liftedAt
    ? `lifted ${liftedAt}`
    : holds
      ? `until ${endsAt ?? 'for good'}`
      : `over since ${endsAt}`;
  const whom = subjects.map(({ kind, mark }) => `${kind} ${mark}`).join(', ');
  return `${id}  ${by === 'reports' ? 'hold' : 'ban '}  ${state}  ${reason}  ${whom}${note ? `  (${note})` : ''}`;
}

async function run({ values, positionals: [command, id, ...more] }) {
  if (values.help || command === 'help') return HELP;
  if (more.length > 0 || (id !== undefined && command !== 'lift'))
    throw wrongUse('There is one word too many.');
  switch (command) {
    case 'list': {
      const bans = await listed(values);
      const shown = values.all ? bans : bans.filter(({ holds }) => holds);
      if (values.json) return JSON.stringify(shown, null, 2);
      return shown.length === 0 ? 'Nobody is kept out.' : shown.map(say).join('\n');
    }
    case 'add': {
      if (values.reason === undefined) throw wrongUse('add needs --reason.');
      const { ban, isUserKnown } = await ask(values, 'POST', '/videochat/bans', {
        target: targetOf(values),
        hours: hoursOf(values),
        reason: values.reason,
        note: values.note ?? '',
        ...(values.follow === undefined
          ? {}
          : { follows: values.follow.split(',').map((kind) => kind.trim()) }),
      });
      if (isUserKnown === false) process.stderr.write(unknownUser(values.user, ban.id));
      return values.json ? JSON.stringify(ban, null, 2) : say(ban);
    }
    case 'lift': {
      if (id === undefined) throw wrongUse('lift needs the id of a ban.');
      const { ban } = await ask(values, 'DELETE', `/videochat/bans/${encodeURIComponent(id)}`);
      return values.json ? JSON.stringify(ban, null, 2) : say(ban);
    }
    default:
      throw wrongUse(command === undefined ? 'Which command?' : `There is no command ${command}.`);
  }
}

try {
  process.stdout.write(`${await run(readArguments())}\n`);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.code;
}
