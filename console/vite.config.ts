/** How the console is bundled: for browsers of the last two years, for whatever prefix, with nothing inline. */

import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    target: ['es2022', 'chrome123', 'safari17.5', 'firefox125'],
    assetsDir: 'assets',
    // Images would otherwise become part of the page, and a changed icon would be a changed page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
