import { useState } from 'react';
import { LIMITS, type Me } from '../../../../../src/protocol';
import {
  agreementProblem,
  birthProblem,
  emailProblem,
  newPasswordProblem,
  todayOf,
} from '../../../ui/forms/validation';
import { useHeadingFocus } from '../../../ui/focus/useHeadingFocus';
import { Field, PasswordField } from '../../../ui/forms/Field';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Page } from '../Page';
import type { PageFrame } from '../page-frame';
import { Agreement } from '../../rules/Agreement';
import { Link } from '../../navigation/Link';
import { RulesSheet } from '../../rules/RulesSheet';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/**
 * Registers an account with an e-mail address, a password and a birth date. The link in an e-mail then makes it. The
 * reply does not reveal whether the address has an account.
 */
export function RegisterPage({ frame, guest }: { frame: PageFrame; guest: Me | null }) {
  const words = useWords();
  const { account } = useServices();
  const [rules, setRules] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);
  useHeadingFocus(sentTo === null ? 'form' : 'sent');
  const { minimumAge } = account;
  const form = useForm({
    initial: { email: '', password: '', birthDate: '', agreed: false },
    check: ({ email, password, birthDate, agreed }) => ({
      email: emailProblem(email),
      password: newPasswordProblem(password),
      birthDate: birthProblem(birthDate, minimumAge, todayOf(Date.now())),
      agreed: agreementProblem(agreed),
    }),
    places: {
      too_young: { field: 'birthDate', problem: { line: 'problem.birth.young', count: minimumAge } },
      terms_required: { field: 'agreed', problem: { line: 'account.agree.needed' } },
    },
    submit: async ({ email, password, birthDate }) => {
      await account.api.request('register', { body: { email, password, birthDate, agreed: true } });
      setSentTo(email.trim());
    },
  });
  if (sentTo !== null) return <MailSent frame={frame} email={sentTo} onBack={() => setSentTo(null)} />;
  const lead = guest
    ? words.say('account.register.lead', { name: guest.name })
    : words.say('account.register.lead.new');
  return (
    <Page frame={frame} heading={words.say('account.register')} lead={lead}>
      <form className="entry-form" {...form.formProps}>
        <Field
          label={words.say('account.email')}
          type="email"
          autoComplete="username"
          testId="register-email"
          value={form.values.email}
          problem={form.problemOf('email')}
          onChange={(email) => form.set('email', email)}
        />
        <PasswordField
          label={words.say('account.password')}
          hint={words.say('account.password.hint', { count: LIMITS.passwordChars.least })}
          autoComplete="new-password"
          testId="register-password"
          value={form.values.password}
          problem={form.problemOf('password')}
          onChange={(password) => form.set('password', password)}
        />
        <Field
          label={words.say('account.birth')}
          hint={words.say('account.birth.hint')}
          type="date"
          autoComplete="bday"
          max={todayOf(Date.now())}
          testId="register-birth"
          value={form.values.birthDate}
          problem={form.problemOf('birthDate')}
          onChange={(birthDate) => form.set('birthDate', birthDate)}
        />
        <Agreement
          line="account.agree"
          needed="account.agree.needed"
          testId="register-agree"
          agreed={form.values.agreed}
          missed={form.problemOf('agreed') !== null}
          onChange={(agreed) => form.set('agreed', agreed)}
          onRules={() => setRules(true)}
        />
        <Submit of={form} label={words.say('account.register.button')} testId="register-button" />
      </form>
      <div className="page__ways">
        <Link to="account" className="link" testId="to-login">
          {words.say('account.to_log_in')}
        </Link>
        <Link to="privacy" className="link">
          {words.say('keep.heading')}
        </Link>
      </div>
      {rules ? <RulesSheet onClose={() => setRules(false)} /> : null}
    </Page>
  );
}

/** The same words whether the address was free or has an account: the e-mail says which. */
function MailSent({ frame, email, onBack }: { frame: PageFrame; email: string; onBack: () => void }) {
  const words = useWords();
  return (
    <Page
      frame={frame}
      heading={words.say('account.register.sent')}
      lead={words.say('account.register.sent.lead', { email })}
    >
      <p className="page__small">{words.say('account.register.sent.more')}</p>
      <div className="page__ways">
        <button type="button" className="link" data-testid="register-back" onClick={onBack}>
          {words.say('account.register.back')}
        </button>
      </div>
    </Page>
  );
}
