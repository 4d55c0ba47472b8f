import { useState } from 'react';
import { LIMITS } from '../../../src/protocol';
import { tokenIn } from '../app/router/paths';
import { useFocusOnHeading } from '../app/useFocusOnHeading';
import { isRefusedFor } from '../engine/refused';
import { newPasswordProblem } from '../forms/rules';
import { PasswordField } from '../forms/Field';
import { Submit } from '../forms/Submit';
import { useForm } from '../forms/useForm';
import { Page } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { Link } from '../parts/Link';
import { useLocation, useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';
import { ForgottenPage } from './ForgottenPage';

/** Where the link in the letter leads. Its secret stands behind the `#`, which no server and no log ever sees. */
export function ResetPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const { account, router } = useServices();
  const { hash } = useLocation();
  const [isOld, setOld] = useState(false);
  const [done, setDone] = useState(false);
  const token = tokenIn(hash);
  const view = done ? 'done' : isOld ? 'old' : token === null ? 'ask' : 'open';
  useFocusOnHeading(view);
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({ password: newPasswordProblem(password) }),
    submit: async ({ password }) => {
      try {
        await account.reset({ token: token ?? '', password });
        setDone(true);
        // A used secret has no business in the history.
        router.replace('reset');
      } catch (error) {
        if (isRefusedFor(error, 'reset_invalid')) setOld(true);
        else throw error;
      }
    },
  });
  // The letter that tells of a changed password leads here too, for whoever did not change it.
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
