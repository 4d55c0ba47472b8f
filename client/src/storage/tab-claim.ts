import { clearTabStorage, deviceStorage, onDeviceStorage, tabStorage } from './browser-storage';

/** Whether the storage of this tab belongs to it. A duplicated tab begins with a copy of another tab's storage. */
export interface TabClaim {
  /** Known at once for a tab that has not been here before. */
  readonly isCopy: boolean | Promise<boolean>;
  /** Another engine of this page may claim the tab. */
  readonly release: () => void;
}

/** The name of a tab in its own storage. Only one open page can have it. */
const TAB_NAME = 'tab';
/**
 * How long a page waits for its own former document, which may hold the lock for a moment after a reload. A tab that
 * still has it then is another tab.
 */
const LOCK_WAIT_MS = 500;
/** How long another tab may take to answer where there are no locks. */
const ANSWER_WAIT_MS = 200;
const CHANNEL = 'tabs';

/**
 * Claims the storage of this tab. A copy is cleared, so that two tabs never show one resume token in turns. The first tab
 * holds a lock until its page is gone. Without locks (old browsers, plain HTTP) the tabs ask each other.
 */
export function claimTab(): TabClaim {
  const known = tabStorage.read(TAB_NAME);
  if (known === null) return { isCopy: false, release: hold(name(), true).release };
  const held = hold(known, false);
  let { release } = held;
  const isCopy = held.isMine.then((isMine) => {
    if (isMine) return false;
    clearTabStorage();
    ({ release } = hold(name(), true));
    return true;
  });
  return { isCopy, release: () => release() };
}

/** A new name for this tab. Where it cannot be stored, nothing else of the tab can be copied either. */
function name(): string {
  const made = randomName();
  tabStorage.write(TAB_NAME, made);
  return made;
}

const randomName = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');

interface Held {
  readonly isMine: Promise<boolean>;
  readonly release: () => void;
}

/** `isNew`: no other tab can have this name. */
const hold = (tab: string, isNew: boolean): Held =>
  // Missing outside of secure contexts, whatever the types say.
  'locks' in navigator ? holdLock(tab, navigator.locks) : askOthers(tab, isNew, openChannel());

function holdLock(tab: string, locks: LockManager): Held {
  const waiting = new AbortController();
  let release = (): void => waiting.abort();
  const isMine = new Promise<boolean>((resolve) => {
    const timer = window.setTimeout(() => waiting.abort(), LOCK_WAIT_MS);
    const granted = (): Promise<void> => {
      window.clearTimeout(timer);
      resolve(true);
      return new Promise((done) => (release = done));
    };
    locks.request(`passerby.tab.${tab}`, { signal: waiting.signal }, granted).catch(() => resolve(false));
  });
  return { isMine, release: () => release() };
}

interface Channel {
  send(message: string): void;
  close(): void;
}
type OpenChannel = (heard: (message: string) => void) => Channel;

/** Tabs of one browser hear each other by a channel, or where there is none by the changes of the device's storage. */
function openChannel(): OpenChannel {
  if (typeof BroadcastChannel === 'function') {
    return (heard) => {
      const channel = new BroadcastChannel(CHANNEL);
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (typeof data === 'string') heard(data);
      };
      return { send: (message) => channel.postMessage(message), close: () => channel.close() };
    };
  }
  return (heard) => ({
    send: (message) => {
      // A value that is there already is no change.
      deviceStorage.write(CHANNEL, `${message} ${randomName()}`);
      deviceStorage.write(CHANNEL, null);
    },
    close: onDeviceStorage(CHANNEL, (value) => heard(value.split(' ').slice(0, 3).join(' '))),
  });
}

/** Messages are `ask <tab> <page>` and `mine <tab> <page>`, with the name of the page that sends them. */
function askOthers(tab: string, isNew: boolean, open: OpenChannel): Held {
  const page = randomName();
  let isDecided = isNew;
  let decide: (isMine: boolean) => void = () => undefined;
  const channel = open((message) => {
    const [kind, of, from = ''] = message.split(' ');
    if (of !== tab || from === page) return;
    // Of two pages that ask at the same time, the one whose name comes first has it.
    if (kind === 'ask' && (isDecided || page < from)) channel.send(`mine ${tab} ${page}`);
    else if (!isDecided) decide(false);
  });
  if (isNew) return { isMine: Promise.resolve(true), release: () => channel.close() };
  const timer = window.setTimeout(() => decide(true), ANSWER_WAIT_MS);
  const isMine = new Promise<boolean>((resolve) => {
    decide = (answer) => {
      if (isDecided) return;
      isDecided = true;
      window.clearTimeout(timer);
      if (!answer) channel.close();
      resolve(answer);
    };
  });
  channel.send(`ask ${tab} ${page}`);
  const release = (): void => {
    window.clearTimeout(timer);
    channel.close();
  };
  return { isMine, release };
}
