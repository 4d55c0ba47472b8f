import { useState } from 'react';
import { LIMITS } from '../../../../../src/protocol';
import { tokenIn } from '../../navigation/routes';
import { useHeadingFocus } from '../../../ui/focus/useHeadingFocus';
import { hasErrorCode } from '../../../errors/request-error';
import { newPasswordProblem } from '../../../ui/forms/validation';
import { PasswordField } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Page } from '../Page';
import type { PageProps } from '../page-frame';
import { Link } from '../../navigation/Link';
import { useLocation, useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { ForgottenPage } from './ForgottenPage';

/** The target of the link in the reset e-mail. Its secret is in the hash, which no server and no log ever sees. */
export function ResetPage({ frame }: PageProps) {
  const words = useWords();
  const { account, router } = useServices();
  const { hash } = useLocation();
  const [isOld, setOld] = useState(false);
  const [done, setDone] = useState(false);
  const token = tokenIn(hash);
  const view = done ? 'done' : isOld ? 'old' : token === null ? 'ask' : 'open';
  useHeadingFocus(view);
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({ password: newPasswordProblem(password) }),
    submit: async ({ password }) => {
      try {
        await account.reset({ token: token ?? '', password });
        setDone(true);
        // A used secret is removed from the history.
        router.replace('reset');
      } catch (error) {
        if (hasErrorCode(error, 'reset_invalid')) setOld(true);
        else throw error;
      }
    },
  });
  // The e-mail about a changed password links here too, for people who did not change it.
  if (view === 'ask') return <ForgottenPage frame={frame} />;
  if (view !== 'open') {
    const key = view === 'done' ? 'account.reset.done' : 'account.reset.old';
    return (
      <Page frame={frame} heading={words.say(key)} lead={words.say(`${key}.more`)}>
        <div className="page__acts">
          <Link to="account" hash={view === 'done' ? '' : 'forgotten'} className="btn btn--meet">
            {words.say(view === 'done' ? 'account.log_in' : 'account.reset.ask')}
          </Link>
        </div>
      </Page>
    );
  }
  return (
    <Page frame={frame} heading={words.say('account.reset')} lead={words.say('account.reset.lead')}>
      <form className="entry-form" {...form.formProps}>
        <PasswordField
          label={words.say('account.next')}
          hint={words.say('account.password.hint', { count: LIMITS.passwordChars.least })}
          autoComplete="new-password"
          testId="reset-password"
          value={form.values.password}
          problem={form.problemOf('password')}
          onChange={(password) => form.set('password', password)}
        />
        <Submit of={form} label={words.say('account.reset.button')} testId="reset-button" />
      </form>
    </Page>
  );
}
