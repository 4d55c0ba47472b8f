import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ApiBrowser, person } from '../../support/api-browser';
import { LogLines, metric, shows, soon } from '../../support/hanging';
import { startNode, type TestNode } from '../../support/node';

/** A mail server that takes every mail, or accepts connections and says nothing. */
class MailServer {
  isHanging = false;
  received = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<unknown> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    if (this.isHanging) return;
    let isMail = false;
    let text = '';
    socket.write('220 ready\r\n');
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (isMail && line !== '.') continue;
        if (isMail) this.received += 1;
        const isEnd = isMail;
        isMail = !isEnd && /^DATA/i.test(line);
        if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write(isMail ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  }
}

const logged = new LogLines();
const AWAY = /mail server does not answer/;
const BACK = /mail server answers again/;
let server: MailServer;
let port: number;
let node: TestNode;

beforeAll(async () => {
  server = new MailServer();
  port = await server.listen();
  const environment = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Passerby <no-reply@example.org>' };
  node = await startNode({ MEDIA_WORKERS: '1', ...environment }, undefined, logged.log);
}, 30_000);
afterAll(async () => {
  await node.close();
  await server.close();
});

let serial = 0;
const register = (): Promise<unknown> =>
  new ApiBrowser(node.url).ask('register', { body: person(`mail${(serial += 1)}@example.org`) });

test('O1 a mail server that hangs shows in health, metrics and one line soon after a mail; its end does, too', async () => {
  await register();
  await shows(node, 'mail', false);
  expect(await metric(node, 'passerby_mail_up')).toBe(1);
  server.isHanging = true;
  // Nobody waits for mails.
  await soon(register());
  await soon(register());
  const health = await shows(node, 'mail', true);
  expect(health).toMatchObject({ status: 'degraded', mail: { server: 'down' } });
  expect(await metric(node, 'passerby_mail_up')).toBe(0);
  expect(await metric(node, 'passerby_mails_waiting')).toBeGreaterThan(0);
  expect(logged.count(AWAY)).toBe(1);
  server.isHanging = false;
  // A look that hangs ends by itself after 20 s.
  await shows(node, 'mail', false, 60_000);
  expect(logged.count(AWAY)).toBe(1);
  expect(logged.count(BACK)).toBe(1);
}, 90_000);

test('O1 a mail server that is gone is noticed as well, and named once', async () => {
  const before = { away: logged.count(AWAY), back: logged.count(BACK) };
  await server.close();
  await register();
  await shows(node, 'mail', true);
  await register();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(logged.count(AWAY)).toBe(before.away + 1);
  server = new MailServer();
  await server.listen(port);
  await shows(node, 'mail', false, 30_000);
  expect(logged.count(BACK)).toBe(before.back + 1);
}, 90_000);
