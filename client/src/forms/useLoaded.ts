import { useCallback, useEffect, useState } from 'react';
import type { ApiReply } from '../../../src/protocol';
import { asRefused } from '../api/client';
import type { Refused } from '../engine/refused';
import { useServices } from '../parts/ServicesProvider';

export type Loaded<T> = { is: 'waiting' } | { is: 'failed'; error: Refused } | { is: 'ready'; data: T };

type Listed = 'blocks' | 'devices' | 'plans' | 'statistics';

/** What one request answers, asked for anew for each `owner`, whom it is about; for nobody it waits. */
export function useLoaded<N extends Listed>(
  name: N,
  owner: string | null,
): { loaded: Loaded<ApiReply<N>>; again: () => void; put: (data: ApiReply<N>) => void } {
  const { account } = useServices();
  const [loaded, setLoaded] = useState<Loaded<ApiReply<N>>>({ is: 'waiting' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (owner === null) return undefined;
    let wanted = true;
    setLoaded({ is: 'waiting' });
    account.api.ask(name).then(
      (data) => wanted && setLoaded({ is: 'ready', data }),
      (error: unknown) => wanted && setLoaded({ is: 'failed', error: asRefused(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [account, name, owner, tries]);
  const again = useCallback(() => setTries((before) => before + 1), []);
  const put = useCallback((data: ApiReply<N>) => setLoaded({ is: 'ready', data }), []);
  return { loaded, again, put };
}
