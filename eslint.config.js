import js from '@eslint/js'
import electronSecurity from 'eslint-plugin-electron-security'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** Text never becomes code in any process; user code runs in the sandbox's WebAssembly only. */
const codeFromText = [
  { selector: "CallExpression[callee.name='eval']", message: 'Never eval: user code belongs to the sandbox service.' },
  {
    selector: ":matches(NewExpression, CallExpression)[callee.name='Function']",
    message: 'Never Function: user code belongs to the sandbox service.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?vm2?$/]',
    message: 'node:vm is no sandbox: use the sandbox service.',
  },
  {
    selector: "CallExpression[callee.name=/^set(Timeout|Interval)$/][arguments.0.type='Literal']",
    message: 'Timers take functions, not text.',
  },
]

/** What a run does passes time through an injected clock, so that tests never wait and a replay never sleeps. */
const rawTimers = {
  selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]',
  message: 'Take time from the clock port.',
}
const barrels = { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines the name.' }
const enums = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }

const everywhere = [...codeFromText, barrels, enums]

const sizes = (functionLines) => ({
  'max-lines': ['error', 400],
  'max-lines-per-function': ['error', { max: functionLines, IIFEs: true }],
  complexity: ['error', 24],
  'max-depth': ['error', 4],
  'max-params': ['error', 6],
})

export default defineConfig(
  globalIgnores([
    'dist/',
    'node_modules/',
    'test-results/',
    'coverage/',
    'templates/',
    '**/fixtures/',
    'tests/golden/**/*.json',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizes(60),
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/dot-notation': 'off',
      // An async method without await turns what it throws into a rejection, which is what a caller of a promise expects.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Methods of interfaces here are closures; nothing uses `this` but errors.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
    },
  },
  {
    files: ['engine/{compile,run,store,sdk}/**/*.ts', 'nodes/**/*.ts', 'model/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, rawTimers] },
  },
  {
    files: ['**/*.tsx'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      ...sizes(200),
      // These speak for the React Compiler, which is not used: refs that hold the latest callback, components looked up
      // by name, and a clock read while rendering are fine without it.
      'react-hooks/refs': 'off',
      'react-hooks/immutability': 'off',
      'react-hooks/purity': 'off',
      'react-hooks/static-components': 'off',
      'react-hooks/set-state-in-effect': 'off',
      'react-hooks/incompatible-library': 'off',
    },
  },
  {
    files: ['renderer/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['**/*.d.ts'], rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
  { files: ['electron/**/*.ts'], extends: [electronSecurity.configs.strict] },
  {
    // A suite is one function by nature, and a test may look at what it knows to be there.
    files: ['**/*.test.{ts,tsx}', 'tests/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // Matchers such as expect.any() are untyped.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-empty-pattern': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
    rules: { ...sizes(60), 'no-restricted-syntax': ['error', ...everywhere] },
  },
)
