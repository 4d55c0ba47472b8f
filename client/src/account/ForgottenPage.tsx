import { emailProblem } from '../forms/rules';
import { Field } from '../forms/Field';
import { Submit } from '../forms/Submit';
import { useForm } from '../forms/useForm';
import { Page } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { Link } from '../parts/Link';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

/** Asks for a letter. Whether there is such an account is not said to whoever asks. */
export function ForgottenPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const { api } = useServices().account;
  const form = useForm({
    initial: { email: '' },
    check: ({ email }) => ({ email: emailProblem(email) }),
    submit: async (body) => void (await api.ask('askReset', { body })),
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
