import { useState } from 'react';
import { deviceStorage } from '../../storage/browser-storage';
import { agreementAt, readAgreement } from './agreement';

/** Whether the user has agreed to the rules. The device remembers it until the rules change or it is taken back. */
export function useAgreement(): readonly [agreed: boolean, setAgreed: (agreed: boolean) => void] {
  const [agreement, setAgreement] = useState(() => readAgreement(deviceStorage.read('agreement')));
  const setAgreed = (agreed: boolean): void => {
    const next = agreed ? agreementAt(new Date()) : null;
    setAgreement(next);
    deviceStorage.write('agreement', next && JSON.stringify(next));
  };
  return [agreement !== null, setAgreed];
}
