import { useState } from 'react';
import type { ApiReply } from '../../../../../src/protocol';
import { LoadedContent } from '../../../ui/forms/LoadedContent';
import { DoneMessage, ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { useAction } from '../../../ui/forms/useAction';
import { useApiData } from '../../services/useApiData';
import { Section } from '../Page';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

type Device = ApiReply<'devices'>['devices'][number];

/** The devices on which the user is logged in, each with a button to log it out. */
export function Devices({ owner }: { owner: string }) {
  const words = useWords();
  const { api } = useServices().account;
  const { loaded, again, put } = useApiData('devices', owner);
  const others = useAction();
  const [ended, setEnded] = useState(false);
  return (
    <Section heading={words.say('account.devices')}>
      <LoadedContent loaded={loaded} onAgain={again}>
        {({ devices }) => (
          <>
            <ul className="rows-list">
              {devices.map((device) => (
                <DeviceRow
                  key={device.id}
                  device={device}
                  onEnd={async () => {
                    await api.request('logOutDevice', { at: { deviceId: device.id } });
                    put({ devices: devices.filter(({ id }) => id !== device.id) });
                  }}
                />
              ))}
            </ul>
            <ErrorMessage error={others.error} />
            <div className="page__acts">
              {devices.some((device) => !device.isThis) ? (
                <button
                  type="button"
                  className="btn btn--quiet"
                  aria-disabled={others.busy}
                  onClick={() =>
                    void others.run(async () => {
                      await api.request('logOutOthers');
                      put({ devices: devices.filter((device) => device.isThis) });
                      setEnded(true);
                    })
                  }
                >
                  {words.say('account.devices.others')}
                </button>
              ) : null}
              <DoneMessage>{ended ? words.say('account.devices.others.done') : null}</DoneMessage>
            </div>
          </>
        )}
      </LoadedContent>
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
        <ErrorMessage error={action.error} />
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
