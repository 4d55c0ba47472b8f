import { useState } from 'react';
import type { ApiReply } from '../../../src/protocol';
import { LoadedRows } from '../forms/LoadedRows';
import { Done, Refusal } from '../forms/Refusal';
import { useAction } from '../forms/useAction';
import { useLoaded } from '../forms/useLoaded';
import { Section } from '../pages/Page';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

type Device = ApiReply<'devices'>['devices'][number];

/** Where one is logged in, and a way to end each of them from here. */
export function Devices({ owner }: { owner: string }) {
  const words = useWords();
  const { api } = useServices().account;
  const { loaded, again, put } = useLoaded('devices', owner);
  const others = useAction();
  const [ended, setEnded] = useState(false);
  return (
    <Section heading={words.say('account.devices')}>
      <LoadedRows loaded={loaded} onAgain={again}>
        {({ devices }) => (
          <>
            <ul className="rows-list">
              {devices.map((device) => (
                <DeviceRow
                  key={device.id}
                  device={device}
                  onEnd={async () => {
                    await api.ask('logOutDevice', { at: { deviceId: device.id } });
                    put({ devices: devices.filter(({ id }) => id !== device.id) });
                  }}
                />
              ))}
            </ul>
            <Refusal refused={others.refused} />
            <div className="page__acts">
              {devices.some((device) => !device.isThis) ? (
                <button
                  type="button"
                  className="btn btn--quiet"
                  aria-disabled={others.busy}
                  onClick={() =>
                    void others.run(async () => {
                      await api.ask('logOutOthers');
                      put({ devices: devices.filter((device) => device.isThis) });
                      setEnded(true);
                    })
                  }
                >
                  {words.say('account.devices.others')}
                </button>
              ) : null}
              <Done>{ended ? words.say('account.devices.others.done') : null}</Done>
            </div>
          </>
        )}
      </LoadedRows>
    </Section>
  );
}

function DeviceRow({ device, onEnd }: { device: Device; onEnd: () => Promise<void> }) {
  const words = useWords();
  const action = useAction();
  return (
    <li data-testid="device">
      <div className="rows-list__what">
        {device.device}
        <small>{words.say('account.device.used', { date: words.moment(device.lastUsedAt) })}</small>
        <Refusal refused={action.refused} />
      </div>
      {device.isThis ? (
        <span className="rows-list__tag">{words.say('account.device.this')}</span>
      ) : (
        <button
          type="button"
          className="btn btn--quiet"
          aria-label={words.say('account.device.log_out.name', { device: device.device })}
          aria-disabled={action.busy}
          onClick={() => void action.run(onEnd)}
        >
          {words.say('account.device.log_out')}
        </button>
      )}
    </li>
  );
}
