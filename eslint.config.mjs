import tseslint from 'typescript-eslint';

// Biome formats and lints; ESLint holds the rules that need types, and those of the workflow sandbox.
export default tseslint.config(
  { ignores: ['dist/**', '.perennial/**', 'storage/postgres/generated/**', 'docs/.vitepress/theme/**', '**/*.mjs'] },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['workflows/**/*.ts', 'bench/workflows.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'Workflow code must be deterministic: no Node built-ins.' }] },
      ],
    },
  },
);
