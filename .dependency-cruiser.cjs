/**
 * The arrow check: which room may import which, and where a library may be named. `npm run arrows` runs it; the table
 * is that of the design, read as an allow-list, so that a new arrow fails until somebody has written its reason here.
 * `test/spec/arrows.test.ts` proves that each row bites.
 *
 * The console is not among what is cruised, since no parser here reads TSX: the linter knows its row (biome.json), and
 * `test/spec/console-imports.test.ts` proves that that one bites.
 *
 * The parser is swc: it sees `import type` like any other import, so an arrow cannot hide behind a type.
 */

/** What other rooms may know of `session/`: the contract and its guarantees, never a model or the judge. */
const SESSION_CONTRACT = '^src/session/(contract|guarantees)\\.ts$';
/** The one text that operations make themselves: no session model has to do with it. */
const VERIFIER_CREDENTIAL = '^src/tokens/verifier-credential\\.ts$';
const ACTIVITY_ID = '^src/tokens/activity-id\\.ts$';
const PORTS = '^src/store/ports/';
/** What a token is read by, and what of the revocation log both ends of the feed need: all free of Node. */
const READING = '^src/tokens/(verify-access-token|access-claims|verified-tokens)\\.ts$';
const FEED_FORMAT = '^src/revocation/(feed-events|filter)\\.ts$';
/** Of these rooms, only what needs nothing but the language. */
const AIR = '^src/system/(clock|chance|unguessable)\\.ts$';
const SCHEMA = '^schema/[^/]+\\.ts$';
const folder = (name) => `^src/${name}/`;

/** One row per room: which files are the room, what they may import besides themselves, and why no more. */
const ROOMS = [
  {
    name: 'entities',
    may: [],
    why: 'Entities say what exists. Whatever they import, every other room would import too.',
  },
  {
    name: 'system',
    may: [],
    why: 'Clock, randomness and log are handed to everybody; they can depend on nobody.',
  },
  {
    name: 'config',
    may: [folder('entities'), folder('system')],
    why: 'Configuration is read before anything is built, so it may know words (entities, system) but no room that does work.',
  },
  {
    name: 'tokens',
    may: [folder('entities'), folder('system')],
    why: 'Tokens are pure: bytes and claims to strings and back. Keys, stores and sessions are handed in as values.',
  },
  {
    name: 'keys',
    may: [folder('entities'), folder('system')],
    why: 'The key ring must be usable without a session, a store implementation or a token format.',
  },
  {
    name: 'passwords',
    may: [folder('entities'), folder('system')],
    why: 'Hashing and policy decide about a password and nothing else; who asks is not their business.',
  },
  {
    name: 'store-ports',
    path: PORTS,
    may: [folder('entities')],
    why: 'A port is a duty, stated in entities. One that knows a driver, a table or a clock leaks its implementation.',
  },
  {
    name: 'store',
    path: '^src/store/(?!ports/)',
    may: ['^src/store/', folder('entities'), SCHEMA],
    why: 'A store implementation fulfils ports over the tables. Instants and identifiers reach it as arguments.',
  },
  {
    name: 'revocation',
    may: [folder('tokens'), folder('keys'), PORTS, folder('entities'), folder('system')],
    why: 'The filter is asked by sessions and fed by the log. Were it to know session or account, an end could bypass the one door.',
  },
  {
    name: 'push',
    may: [SESSION_CONTRACT, PORTS, folder('entities'), folder('system')],
    why: 'Who is told what, and for how long, is one thing; how the bytes travel is another. It ends nothing: what has ended it reads from the logs.',
  },
  {
    name: 'session',
    may: [folder('tokens'), folder('keys'), PORTS, folder('entities'), folder('system')],
    why: 'Session models decide who may say that a credential is good, over ports, so that all models run on every store.',
  },
  {
    name: 'account',
    may: [
      SESSION_CONTRACT,
      folder('revocation'),
      VERIFIER_CREDENTIAL,
      ACTIVITY_ID,
      folder('passwords'),
      folder('keys'),
      PORTS,
      folder('entities'),
      folder('system'),
    ],
    why: 'An operation works with any session model and any store, and knows nothing of GraphQL or HTTP. Of tokens it may write only what belongs to no session: the credential of a verifier, and the ids of what an owner reads.',
  },
  {
    name: 'graphql',
    may: [folder('account'), SESSION_CONTRACT, folder('entities')],
    why: 'A resolver calls one operation and turns its outcome into a payload. With a store or a key at hand it would start to decide.',
  },
  {
    name: 'http',
    may: [
      folder('graphql'),
      folder('push'),
      folder('revocation'),
      folder('keys'),
      SESSION_CONTRACT,
      folder('entities'),
      folder('system'),
    ],
    why: 'HTTP turns requests into presented credentials and outcomes into headers. Operations are reached through GraphQL only.',
  },
  {
    name: 'verify',
    may: [READING, FEED_FORMAT, folder('entities'), AIR],
    why: 'It runs in other services and on edge runtimes. Tokens, and the log of revocations, are read in one way by both sides; what else the server has would bring Node and its libraries along.',
  },
  {
    name: 'client',
    may: [AIR],
    why: 'It runs in browsers. Of the server it knows the schema, by documents that are generated from it.',
  },
  {
    name: 'testing',
    may: [
      '^src/app\\.ts$',
      folder('graphql'),
      folder('account'),
      SESSION_CONTRACT,
      folder('config'),
      folder('entities'),
      folder('system'),
    ],
    why: "What users' own tests import is a started app and its types; reaching further would make the inside of a room public.",
  },
  {
    name: 'cli',
    may: [
      '^src/(app|database)\\.ts$',
      '^seeds/',
      folder('account'),
      folder('config'),
      folder('entities'),
      folder('system'),
    ],
    why: 'A command asks the composed app or runs an operation; it opens no store and signs nothing itself.',
  },
  {
    name: 'app',
    path: '^src/app\\.ts$',
    may: ['^src/(?!main\\.ts|index\\.ts|cli/|testing/|verify/|client/)'],
    why: 'The composition root wires every room, and is itself started by the edges: main, cli, index and testing.',
  },
  {
    name: 'database',
    path: '^src/database\\.ts$',
    may: [folder('config'), folder('entities'), folder('store'), folder('system')],
    why: 'The configured database is opened in one place, for the app and for commands that look at it or move it without one.',
  },
  {
    name: 'main',
    path: '^src/main\\.ts$',
    may: ['^src/app\\.ts$', folder('cli'), folder('config'), folder('system')],
    why: 'The process edge reads the environment and signals and hands over. Anything it decided could not be tested without a process.',
  },
  {
    name: 'index',
    path: '^src/index\\.ts$',
    may: [
      '^src/app\\.ts$',
      folder('graphql'),
      folder('account'),
      SESSION_CONTRACT,
      folder('config'),
      folder('entities'),
      folder('system'),
    ],
    why: "The library's face exports the app, its schema and its types. What it does not name can change without a major version.",
  },
  {
    name: 'schema',
    path: '^schema/',
    may: [],
    why: 'Tables are plain data for Drizzle and its kit, which loads them without the rest of the server.',
  },
  {
    name: 'seeds',
    path: '^seeds/',
    may: ['^src/app\\.ts$', folder('account'), folder('config'), folder('entities'), folder('system')],
    why: 'Demo data is made by the operations that users call, or it would show states that the server cannot reach.',
  },
  {
    name: 'lab-harness',
    path: '^lab/harness/',
    may: ['^src/', '^schema/'],
    why: 'The harness starts servers and counts. One that knew an experiment or a reading could favour it.',
  },
  {
    name: 'lab-experiments',
    path: '^lab/experiments/',
    may: ['^lab/harness/', '^src/', '^schema/'],
    why: 'An experiment measures and does not know what its figures are to show: readings are none of its business.',
  },
  {
    name: 'lab-readings',
    path: '^lab/readings/',
    may: ['^lab/harness/'],
    why: 'A reading knows results and nothing else, so that no verdict can rest on what was not measured.',
  },
  {
    name: 'lab-report',
    path: '^lab/report/',
    may: ['^lab/harness/', '^lab/readings/', '^src/session/guarantees\\.ts$'],
    why: 'The report shows findings and promises. With an experiment or the server at hand it could measure.',
  },
  {
    name: 'lab-simulation',
    path: '^lab/simulation/',
    may: [
      '^lab/harness/',
      '^lab/report/(plot|markdown)\\.ts$',
      '^bench/(postgres/results|table)\\.ts$',
      '^src/revocation/feed-events\\.ts$',
    ],
    why: 'The simulator knows the wire format of the feed and the file of measured costs. With the server at hand it would copy its mistakes.',
  },
  {
    name: 'lab',
    path: '^lab/[^/]+\\.ts$',
    may: ['^lab/', '^src/', '^schema/'],
    why: 'The edge of the lab joins its parts, as the composition root does for the server.',
  },
  {
    name: 'bench',
    path: '^bench/',
    may: ['^lab/harness/', '^src/', '^schema/'],
    why: 'The benchmark shares the servers and loads of the lab; claims and their readings are of no use to it.',
  },
];

/** One row per library: where it may be named. */
const LIBRARIES = [
  {
    name: 'drizzle',
    packages: ['drizzle-orm', 'better-sqlite3', 'drizzle-kit'],
    only: ['^src/store/(?!ports/)', '^schema/', '^drizzle\\.config\\.ts$'],
    why: 'A query outside the store is a read-then-write that no compare-and-swap guards.',
  },
  {
    name: 'jose',
    packages: ['jose'],
    only: [folder('keys')],
    why: 'Keys are made and opened with it. Tokens have one strict reading of our own; a call of jose with its defaults would accept what that refuses.',
  },
  {
    name: 'argon2',
    packages: ['argon2'],
    only: [folder('passwords')],
    why: 'Hashing passes the bounded queue; a direct call would let a burst of logins starve every other request.',
  },
  {
    name: 'type-graphql',
    packages: ['type-graphql'],
    only: [folder('graphql'), '^src/index\\.ts$'],
    why: 'Its decorators belong to the wire. An entity or an operation with decorators could not be used without GraphQL.',
  },
  {
    name: 'apollo',
    packages: ['@apollo/server', '@as-integrations/fastify'],
    only: [folder('graphql'), folder('http')],
    why: 'The GraphQL server is one choice of the edge; embedders bring their own.',
  },
  {
    name: 'fastify',
    packages: ['fastify', '@fastify/[^/]+', 'helmet'],
    only: [folder('http'), '^src/app\\.ts$'],
    why: 'Nothing behind the edge may depend on how a request looks.',
  },
  {
    name: 'websocket',
    packages: ['ws', 'graphql-ws'],
    only: [folder('http')],
    why: 'Who is told what does not depend on how it travels: the same goes out as server-sent events.',
  },
  {
    name: 'limiter',
    packages: ['rate-limiter-flexible'],
    only: ['^src/store/(?!ports/)'],
    why: 'Counting attempts is state, and state lives behind a port; elsewhere several processes would count apart.',
  },
];

const OURS = '^(src|schema|seeds|console|lab|bench|test|examples)/|^[^/]+\\.(ts|mjs|cjs)$';

const rooms = ROOMS.map(({ name, path = folder(name), may, why }) => ({
  name: `room-${name}`,
  comment: `${why} May import: ${may.length === 0 ? 'nothing of ours' : may.join(' ')}`,
  severity: 'error',
  from: { path },
  to: { path: OURS, pathNot: [...(name === 'store' ? [] : [path]), ...may] },
}));

const libraries = LIBRARIES.map(({ name, packages, only, why }) => ({
  name: `library-${name}`,
  comment: why,
  severity: 'error',
  from: { path: '^(src|schema|seeds)/|^[^/]+\\.ts$', pathNot: only },
  to: { path: packages.map((each) => `(^|/)node_modules/(@types/)?${each}/`) },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...libraries,
    {
      name: 'known-rooms',
      comment:
        'A new folder in src/ is a new room: give it a row, with its reason, before it imports anything.',
      severity: 'error',
      from: {
        path: '^src/[^/]+/',
        pathNot: `^src/(${[...ROOMS.map(({ name }) => name), 'store'].join('|')})/`,
      },
      to: {},
    },
    {
      name: 'no-file-cycles',
      comment: 'Two files that import each other are one file, and which of them runs first is luck.',
      severity: 'error',
      from: { path: '^(src|schema|seeds|lab|bench)/' },
      to: { circular: true },
    },
    {
      name: 'no-folder-cycles',
      comment:
        'Two rooms that import each other are one room: neither can be read, tested or replaced alone.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(src|schema|seeds|lab|bench)/.' },
      to: { circular: true, path: '^(src|schema|seeds|lab|bench)/.' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nobody is dead: remove it or use it.',
      severity: 'error',
      from: { orphan: true, path: '^(src|schema|seeds|lab|bench)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What ships may use only what is installed beside it: dependencies and peers, not our tools.',
      severity: 'error',
      from: { path: '^(src|schema|seeds)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'declared-dependencies',
      comment: 'A package that package.json does not name, or that cannot be found, is there by luck only.',
      severity: 'error',
      from: { path: '^(src|schema|seeds|lab|bench|test|examples)/' },
      // `peerDependenciesMeta` is taken for a list of an unknown sort, so what is named elsewhere has both types.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-dev'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails at run time, far from its cause.',
      severity: 'error',
      from: { path: '^(src|schema|seeds|lab|bench|test)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'What ships must not know how it is tested.',
      severity: 'error',
      from: { path: '^(src|schema|seeds)/' },
      to: { path: '^(test|examples)/' },
    },
    {
      name: 'nothing-imports-measurements',
      comment: 'What ships must not know how it is measured, or it could behave better while somebody looks.',
      severity: 'error',
      from: { path: '^(src|schema|seeds)/' },
      to: { path: '^(lab|bench)/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^(src|schema|seeds|lab|bench|test|examples)/.*generated/'] },
    combinedDependencies: false,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
