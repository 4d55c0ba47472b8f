import { useCallback, useEffect, useState } from 'react';
import type { ApiReply } from '../../../../src/protocol';
import { toRequestError } from '../../errors/request-error';
import type { LoadState } from '../../ui/forms/load-state';
import { useServices } from './ServicesProvider';

type Listed = 'blocks' | 'devices' | 'plans' | 'statistics';

/** The reply to one request, requested again for each `owner`. It waits while `owner` is null. */
export function useApiData<N extends Listed>(
  name: N,
  owner: string | null,
): { loaded: LoadState<ApiReply<N>>; again: () => void; put: (data: ApiReply<N>) => void } {
  const { account } = useServices();
  const [loaded, setLoaded] = useState<LoadState<ApiReply<N>>>({ is: 'waiting' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (owner === null) return undefined;
    let wanted = true;
    setLoaded({ is: 'waiting' });
    account.api.request(name).then(
      (data) => wanted && setLoaded({ is: 'ready', data }),
      (error: unknown) => wanted && setLoaded({ is: 'failed', error: toRequestError(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [account, name, owner, tries]);
  const again = useCallback(() => setTries((before) => before + 1), []);
  const put = useCallback((data: ApiReply<N>) => setLoaded({ is: 'ready', data }), []);
  return { loaded, again, put };
}
