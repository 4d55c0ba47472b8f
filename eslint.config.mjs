import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];
const off = (rules) => Object.fromEntries(rules.map((rule) => [rule, 'off']));

/** Tests take replies apart whose form they are there to check, and hand out methods of doubles. */
const NOT_IN_TESTS = [
  '@typescript-eslint/no-base-to-string',
  '@typescript-eslint/no-non-null-assertion',
  '@typescript-eslint/no-unnecessary-type-conversion',
  '@typescript-eslint/no-unsafe-assignment',
  '@typescript-eslint/no-unsafe-member-access',
  '@typescript-eslint/no-unsafe-return',
  '@typescript-eslint/prefer-optional-chain',
  '@typescript-eslint/prefer-readonly',
  '@typescript-eslint/unbound-method',
  '@typescript-eslint/use-unknown-in-catch-callback-variable',
];

export default tseslint.config(
  { ignores: ['node_modules', 'build', 'data', 'coverage'] },
  ...tseslint.configs.recommended,
  ...tseslint.configs.recommendedTypeCheckedOnly.map((config) => ({ ...config, files: TYPESCRIPT })),
  {
    files: TYPESCRIPT,
    // One program for everything that is linted: a program for each tsconfig.json takes several times as long.
    languageOptions: {
      parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // The type of a message of `ws` names ArrayBuffer, but it is a Buffer unless a socket asks for something else.
      '@typescript-eslint/no-base-to-string': [
        'error',
        { ignoredTypeNames: ['ArrayBuffer', 'Error', 'URL'] },
      ],
      // An interface of a library is extended by a type of ours.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // A port's method gives a promise whether or not this adapter has to wait for anything.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    // Of the strict set: what catches mistakes here, and finds little else.
    files: TYPESCRIPT,
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
      '@typescript-eslint/no-unnecessary-type-conversion': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
    },
  },
  { files: ['test/**'], rules: off(NOT_IN_TESTS) },
  {
    // What came from outside is parsed, not cast. The other parts still have casts that would have to go first.
    files: ['src/{billing,crypto,disk,domain,mail,media,memory,metrics,protocol,redis}/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-type-assertion': 'error' },
  },
  {
    // Tests and benches read as tables of cases, and print; the length rule is for the product's own functions.
    files: ['test/**', 'bench/**', 'client/src/**/*.tsx'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
  {
    // Only one file reads the environment.
    files: ['src/**/*.ts'],
    ignores: ['src/config/environment.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config reads the environment.' },
      ],
    },
  },
  {
    // A browser may have no storage, or none that is left, and pages by plain HTTP lack half of its functions.
    files: ['client/src/**/*.{ts,tsx}'],
    ignores: ['client/src/storage/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'client/src/storage guards it.' },
        { name: 'sessionStorage', message: 'client/src/storage guards it.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'localStorage', message: 'client/src/storage guards it.' },
        { object: 'window', property: 'sessionStorage', message: 'client/src/storage guards it.' },
        { object: 'crypto', property: 'randomUUID', message: 'It is missing on pages by plain HTTP.' },
        { object: 'crypto', property: 'subtle', message: 'It is missing on pages by plain HTTP.' },
      ],
    },
  },
  {
    // React: the rules of hooks, and what can be seen of accessibility without running the page.
    files: ['client/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: {
      ...jsxA11y.flatConfigs.recommended.rules,
      // What scrolls has to take the focus, so that it can be scrolled by keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['log', 'region'] }],
      // The heading of a dialog and a field that replaces its button take the focus on purpose.
      'jsx-a11y/no-autofocus': 'off',
      // Live calls have no captions.
      'jsx-a11y/media-has-caption': 'off',
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
    },
  },
  {
    files: ['client/**/use*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
);
