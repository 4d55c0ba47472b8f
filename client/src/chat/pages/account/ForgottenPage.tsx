import { emailProblem } from '../../../ui/forms/validation';
import { Field } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Page } from '../Page';
import type { PageFrame } from '../page-frame';
import { Link } from '../../navigation/Link';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/** Requests an e-mail with a reset link. The reply does not reveal whether the account exists. */
export function ForgottenPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const { api } = useServices().account;
  const form = useForm({
    initial: { email: '' },
    check: ({ email }) => ({ email: emailProblem(email) }),
    submit: async (body) => void (await api.request('askReset', { body })),
  });
  return (
    <Page frame={frame} heading={words.say('account.forgotten')} lead={words.say('account.forgotten.lead')}>
      <form className="entry-form" {...form.formProps}>
        <Field
          label={words.say('account.email')}
          type="email"
          autoComplete="username"
          testId="forgotten-email"
          value={form.values.email}
          problem={form.problemOf('email')}
          onChange={(email) => form.set('email', email)}
        />
        <Submit of={form} label={words.say('account.forgotten.button')} testId="forgotten-button" />
        <div role="status" className="page__said" data-testid="forgotten-sent">
          {form.done ? (
            <>
              <p>{words.say('account.forgotten.sent', { email: form.values.email.trim() })}</p>
              <p className="page__small">{words.say('account.forgotten.sent.more')}</p>
            </>
          ) : null}
        </div>
      </form>
      <div className="page__ways">
        <Link to="account" className="link">
          {words.say('account.log_in')}
        </Link>
        <Link to="account" hash="register" className="link">
          {words.say('account.to_register')}
        </Link>
      </div>
    </Page>
  );
}
