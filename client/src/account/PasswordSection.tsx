import { LIMITS } from '../../../src/protocol';
import { newPasswordProblem, passwordProblem } from '../forms/rules';
import { PasswordField } from '../forms/Field';
import { Done } from '../forms/Refusal';
import { Submit } from '../forms/Submit';
import { useForm } from '../forms/useForm';
import { Section } from '../pages/Page';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

/** Changes the password, with the present one, so that a machine left open is not enough. */
export function PasswordSection() {
  const words = useWords();
  const { api } = useServices().account;
  const form = useForm({
    initial: { current: '', next: '' },
    check: ({ current, next }) => ({ current: passwordProblem(current), next: newPasswordProblem(next) }),
    places: {
      wrong_credentials: { field: 'current', problem: { line: 'problem.password.wrong' } },
      bad_data: {
        field: 'next',
        problem: { line: 'problem.password.short', count: LIMITS.passwordChars.least },
      },
    },
    submit: async (body) => {
      await api.ask('changePassword', { body });
    },
    empties: true,
  });
  return (
    <Section heading={words.say('account.change_password')}>
      <form {...form.formProps}>
        <PasswordField
          label={words.say('account.current')}
          autoComplete="current-password"
          testId="password-current"
          value={form.values.current}
          problem={form.problemOf('current')}
          onChange={(current) => form.set('current', current)}
        />
        <PasswordField
          label={words.say('account.next')}
          hint={words.say('account.password.hint', { count: LIMITS.passwordChars.least })}
          autoComplete="new-password"
          testId="password-next"
          value={form.values.next}
          problem={form.problemOf('next')}
          onChange={(next) => form.set('next', next)}
        />
        <Submit
          of={form}
          label={words.say('account.change_password.button')}
          look="quiet"
          testId="password-button"
        >
          <Done>{form.done ? words.say('account.change_password.done') : null}</Done>
        </Submit>
      </form>
    </Section>
  );
}
