import { emailProblem, passwordProblem } from '../../../ui/forms/validation';
import { Field, PasswordField } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Page } from '../Page';
import type { PageFrame } from '../page-frame';
import { Link } from '../../navigation/Link';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

export function LogInPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const { account } = useServices();
  const form = useForm({
    initial: { email: '', password: '' },
    check: ({ email, password }) => ({ email: emailProblem(email), password: passwordProblem(password) }),
    places: {
      wrong_credentials: { field: 'password', problem: { line: 'error.wrong_credentials' } },
    },
    submit: (values) => account.logIn(values),
  });
  return (
    <Page frame={frame} heading={words.say('account.log_in')} lead={words.say('account.log_in.lead')}>
      <form className="entry-form" {...form.formProps}>
        <Field
          label={words.say('account.email')}
          type="email"
          autoComplete="username"
          testId="login-email"
          value={form.values.email}
          problem={form.problemOf('email')}
          onChange={(email) => form.set('email', email)}
        />
        <PasswordField
          label={words.say('account.password')}
          autoComplete="current-password"
          testId="login-password"
          value={form.values.password}
          problem={form.problemOf('password')}
          onChange={(password) => form.set('password', password)}
        />
        <Submit of={form} label={words.say('account.log_in.button')} testId="login-button" />
      </form>
      <div className="page__ways">
        <Link to="account" hash="register" className="link" testId="to-register">
          {words.say('account.to_register')}
        </Link>
        <Link to="account" hash="forgotten" className="link" testId="to-forgotten">
          {words.say('account.to_forgotten')}
        </Link>
      </div>
    </Page>
  );
}
