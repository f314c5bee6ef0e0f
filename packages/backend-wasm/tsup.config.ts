import { library } from '../../tools/workspace/tsup.mjs';

export default library({
  entry: ['src/index.ts', 'src/index.node.ts'],
  extra: {
    esbuildOptions(options, { format }) {
      options.conditions = ['import'];
      // `import()` in CommonJS becomes a deferred `require`: Jest, for one, has no `import()` there.
      if (format === 'cjs') options.supported = { 'dynamic-import': false };
    },
  },
});
