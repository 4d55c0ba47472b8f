import { useEffect, useRef, useState } from 'react';
import type { EraseReply, Me } from '../../../../../src/protocol';
import { passwordProblem } from '../../../ui/forms/validation';
import { PasswordField } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Section } from '../Page';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/** Erases the user's data in two steps. The second one asks for the password of an account. */
export function EraseSection({ me, onErased }: { me: Me; onErased: (erased: EraseReply) => void }) {
  const words = useWords();
  const [sure, setSure] = useState(false);
  const kind = me.isAnonymous ? 'guest' : 'account';
  return (
    <Section heading={words.say('privacy.erase')}>
      <p>{words.say(`privacy.erase.${kind}`)}</p>
      {sure ? (
        <EraseForm isGuest={me.isAnonymous} onErased={onErased} onKeep={() => setSure(false)} />
      ) : (
        <button
          type="button"
          className="btn btn--quiet"
          data-testid="erase-button"
          onClick={() => setSure(true)}
        >
          {words.say(me.isAnonymous ? 'privacy.erase.button.guest' : 'privacy.erase.button')}
        </button>
      )}
    </Section>
  );
}

function EraseForm({
  isGuest,
  onErased,
  onKeep,
}: {
  isGuest: boolean;
  onErased: (erased: EraseReply) => void;
  onKeep: () => void;
}) {
  const words = useWords();
  const { account } = useServices();
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({ password: isGuest ? null : passwordProblem(password) }),
    places: { wrong_credentials: { field: 'password', problem: { line: 'problem.password.wrong' } } },
    submit: async ({ password }) => onErased(await account.erase(isGuest ? undefined : password)),
  });
  // The button that opened the form is gone, and the user should read the form before submitting it.
  useEffect(() => heading.current?.focus(), []);
  return (
    <form className="erase" {...form.formProps}>
      <h3 ref={heading} tabIndex={-1}>
        {words.say('privacy.erase.sure')}
      </h3>
      {isGuest ? null : (
        <>
          <p className="page__small">{words.say('privacy.erase.sure.more')}</p>
          <PasswordField
            label={words.say('privacy.erase.password')}
            autoComplete="current-password"
            testId="erase-password"
            value={form.values.password}
            problem={form.problemOf('password')}
            onChange={(password) => form.set('password', password)}
          />
        </>
      )}
      <Submit of={form} label={words.say('privacy.erase.confirm')} look="danger" testId="erase-confirm">
        <button type="button" className="btn btn--bare" onClick={onKeep}>
          {words.say('privacy.erase.not')}
        </button>
      </Submit>
    </form>
  );
}
