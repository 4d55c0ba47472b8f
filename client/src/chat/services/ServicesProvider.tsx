import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';
import type { Me } from '../../../../src/protocol';
import type { AccountState } from '../../api/account-store';
import type { Location } from '../navigation/routes';
import type { Services } from './services';

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('useServices needs a ServicesProvider above it');
  return services;
}

export function useAccountState(): AccountState {
  const { account } = useServices();
  return useSyncExternalStore(account.subscribe, account.getState);
}

/** The user of this browser, or null while it is unknown. */
export function useMe(): Me | null {
  const known = useAccountState();
  return known.is === 'known' ? known.me : null;
}

export function useLocation(): Location {
  const { router } = useServices();
  return useSyncExternalStore(router.subscribe, router.getLocation);
}
