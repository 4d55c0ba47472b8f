import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NODE_API } from '../../../src/http/endpoints/node-endpoints';
import { endpointTable } from '../../../src/http/endpoints/readme-table';

const BEGIN = '<!-- endpoints:begin -->';
const END = '<!-- endpoints:end -->';

test('O1 the README’s table of endpoints is the one that the server serves', () => {
  const readme = readFileSync(path.join(__dirname, '../../../README.md'), 'utf8');
  const [, after = ''] = readme.split(BEGIN);
  const [table, rest] = after.split(END);
  expect(rest).toBeDefined();
  expect(table).toBe(`\n\n${endpointTable()}\n\n`);
});

test('O1 the table has a row for each endpoint that programs call, with three cells', () => {
  const [head, line, ...rows] = endpointTable().split('\n');
  expect([head, line]).toEqual(['| endpoint | for | what it does or says |', '|---|---|---|']);
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells.map((row) => row.length)).toEqual(rows.map(() => 3));
  expect(cells.map(([endpoint]) => endpoint)).toEqual(
    Object.values(NODE_API).map(({ method, path: address }) => `\`${method} ${address}\``),
  );
  expect(rows.find((row) => row.includes('/videochat/rooms'))).toContain('| operators |');
  expect(rows.find((row) => row.includes('/videochat/health'))).toContain('| anyone |');
});
