import type { Endpoint, Role } from '../../protocol';
import { NODE_API } from './node-endpoints';

const CALLERS: Readonly<Record<Role, string>> = {
  anyone: 'anyone',
  user: 'users',
  account: 'accounts',
  operator: 'operators',
};

/** The README's table of what programs call, in Markdown, without an end of line after its last row. */
export function endpointTable(): string {
  const rows = Object.values<Endpoint>(NODE_API).map(
    ({ method, path, role, summary, details = summary }) =>
      `| \`${method} ${path}\` | ${CALLERS[role]} | ${details} |`,
  );
  return ['| endpoint | for | what it does or says |', '|---|---|---|', ...rows].join('\n');
}
