/**
 * Typed documents for clients: `npm run generate:documents` reads the emitted schema and the operations beside it, and
 * writes `examples/typed-client/src/generated`, and for our own `src/client/generated` and `console/src/generated`. A
 * client of your own starts with this file and its own operations.
 */

import type { CodegenConfig } from '@graphql-codegen/cli';

const typed = {
  preset: 'client',
  // Plain data: a client of a handful of documents has no components to hide fields from.
  presetConfig: { fragmentMasking: false },
  config: {
    // Documents are text that knows its types. `fetch` sends text, so that a client carries no GraphQL library;
    // for Apollo Client or urql, which want syntax trees, leave this line out.
    documentMode: 'string',
    // As they travel: JSON has no dates.
    scalars: { ID: 'string', DateTimeISO: 'string' },
    // A new scalar has to be given a type here before anything is generated; it never becomes `any`.
    strictScalars: true,
    enumType: 'string-literal',
    immutableTypes: true,
    useTypeImports: true,
  },
} as const;

/**
 * The package that types documents imports those of `graphql`, all of them, which whoever imports the client would have to
 * compile. Of it, this is used.
 */
const DECORATION = `interface DocumentTypeDecoration<Result, Variables> {
  __apiType?: (variables: Variables) => Result;
}`;
const withoutImports = (path: string, content: string) =>
  /(client|console\/src)\/generated\//.test(path)
    ? content.replace(/^import type .* from '@graphql-typed-document-node\/core';$/m, DECORATION)
    : content;

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'examples/typed-client/src/generated/': { ...typed, documents: 'schema/operations/*.graphql' },
    'console/src/generated/': { ...typed, documents: 'schema/operations/*.graphql' },
    // What the client sends by itself, and no more: each document is bytes that every page loads.
    'src/client/generated/': {
      ...typed,
      documents: 'schema/operations/{register,login,refresh,logout,fragments}.graphql',
    },
  },
  hooks: { beforeOneFileWrite: withoutImports },
  importExtension: '.js',
  emitLegacyCommonJSImports: false,
};

export default config;
