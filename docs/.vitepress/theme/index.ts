import { defineClientComponent, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';

import 'katex/dist/katex.min.css';
// After the default theme, whose colors it overrides.
import './custom.css';

const Playground = defineClientComponent(() => import('../../../tools/playground/src/components/Playground.vue'));

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Playground', Playground);
  },
} satisfies Theme;
