/**
 * How what runs elsewhere is bundled: `counterfoil/verify` with its adapters, and `counterfoil/client`. Each entry alone
 * and whole, for no platform in particular, so that it runs wherever there is `fetch` and Web Crypto. Used by the build,
 * and by the tests that look into what comes out.
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

export const clientBundle = {
  ...verifyBundle,
  entryPoints: {
    client: 'src/client/index.ts',
    'client-node': 'src/client/node.ts',
    'client-react': 'src/client/react.ts',
  },
  external: ['node:*', 'react'],
};
