/**
 * How `counterfoil/verify` and its adapters are bundled: each alone and whole, for no platform in particular, so that it
 * runs wherever Web Crypto does. Used by the build, and by the test that looks into what comes out.
 */

export const verifyBundle = {
  entryPoints: {
    verify: 'src/verify/index.ts',
    'verify-fastify': 'src/verify/fastify.ts',
    'verify-express': 'src/verify/express.ts',
    'verify-apollo': 'src/verify/apollo.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: false,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
};
