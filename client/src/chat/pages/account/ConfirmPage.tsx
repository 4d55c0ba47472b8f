import { useState } from 'react';
import { tokenIn } from '../../navigation/routes';
import { useHeadingFocus } from '../../../ui/focus/useHeadingFocus';
import { hasErrorCode } from '../../../errors/request-error';
import { passwordProblem } from '../../../ui/forms/validation';
import { PasswordField } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Page } from '../Page';
import { profileOf } from '../../wishes/wishes-form';
import type { PageProps } from '../page-frame';
import { Link } from '../../navigation/Link';
import { useLocation, useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/** The target of the link in the e-mail of a registration. Its secret is in the hash, as that of the reset link. */
export function ConfirmPage({ frame, wishes }: PageProps) {
  const words = useWords();
  const { account, router } = useServices();
  const token = tokenIn(useLocation().hash);
  const [isOld, setOld] = useState(token === null);
  useHeadingFocus(isOld ? 'old' : 'open');
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({ password: passwordProblem(password) }),
    places: {
      wrong_credentials: { field: 'password', problem: { line: 'problem.password.not_chosen' } },
    },
    submit: async ({ password }) => {
      try {
        await account.confirm({ token: token ?? '', password }, profileOf(wishes.form));
        // A used secret is removed from the history.
        router.replace('account');
      } catch (error) {
        if (hasErrorCode(error, 'confirmation_invalid')) setOld(true);
        else throw error;
      }
    },
  });
  if (isOld) {
    return (
      <Page
        frame={frame}
        heading={words.say('account.reset.old')}
        lead={words.say('account.confirm.old.more')}
      >
        <div className="page__acts">
          <Link to="account" className="btn btn--meet">
            {words.say('account.log_in')}
          </Link>
        </div>
        <div className="page__ways">
          <Link to="account" hash="register" className="link">
            {words.say('account.to_register')}
          </Link>
        </div>
      </Page>
    );
  }
  return (
    <Page frame={frame} heading={words.say('account.confirm')} lead={words.say('account.confirm.lead')}>
      <form className="entry-form" {...form.formProps}>
        <PasswordField
          label={words.say('account.password')}
          autoComplete="current-password"
          testId="confirm-password"
          value={form.values.password}
          problem={form.problemOf('password')}
          onChange={(password) => form.set('password', password)}
        />
        <Submit of={form} label={words.say('account.confirm.button')} testId="confirm-button" />
      </form>
    </Page>
  );
}
