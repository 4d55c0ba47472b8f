import { LoadError, loadOrReload, type ReloadPort } from '../../../client/src/ui/loading/load-or-reload';

function browser(isServerReachable: boolean, hasReloaded = false, canStore = true) {
  const tab = { hasReloaded, reloads: 0 };
  const port: ReloadPort = {
    isServerReachable: () => Promise.resolve(isServerReachable),
    hasReloaded: () => tab.hasReloaded,
    setReloaded: (reloaded) => {
      if (!canStore) return false;
      tab.hasReloaded = reloaded;
      return true;
    },
    reload: () => (tab.reloads += 1),
  };
  return { tab, port };
}

const gone = () => Promise.reject(new Error('404'));

/** Lets everything happen that can happen without waiting. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('C3 a part of the app that cannot be loaded', () => {
  it('C3 reloads the page once when the server answers but the part is gone, and shows nothing meanwhile', async () => {
    const { tab, port } = browser(true);
    const outcome = jest.fn();
    void loadOrReload(gone, port).then(outcome, outcome);
    await settle();
    expect(tab).toEqual({ hasReloaded: true, reloads: 1 });
    expect(outcome).not.toHaveBeenCalled();
  });

  it('C3 is said when the reload has not helped, and never reloads a second time', async () => {
    const { tab, port } = browser(true, true);
    const error = await loadOrReload(gone, port).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LoadError);
    expect(error).toMatchObject({ isServerReachable: true });
    expect(tab.reloads).toBe(0);
  });

  it('C3 does not reload into nothing while the server cannot be reached', async () => {
    const { tab, port } = browser(false);
    await expect(loadOrReload(gone, port)).rejects.toMatchObject({ isServerReachable: false });
    expect(tab).toEqual({ hasReloaded: false, reloads: 0 });
  });

  it('C3 never reloads where the next page would not know of it', async () => {
    const { tab, port } = browser(true, false, false);
    await expect(loadOrReload(gone, port)).rejects.toMatchObject({ isServerReachable: true });
    expect(tab.reloads).toBe(0);
  });

  it('C3 may reload again for the next version once a part has been loaded', async () => {
    const { tab, port } = browser(true, true);
    expect(await loadOrReload(() => Promise.resolve('part'), port)).toBe('part');
    expect(tab.hasReloaded).toBe(false);
  });
});
