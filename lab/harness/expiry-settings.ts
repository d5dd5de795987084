/** What experiment and reading of expiry both have to know: which settings are compared, and what lifetimes are usual. */

export { DEFAULT_LIFETIMES } from '../../src/config/config.js';

/**
 * The stateless model has no idle lifetime but that of its token, so it is tried with a token as short as the hybrid
 * model's and with one as long as the idle lifetime of the others.
 */
export const SETTINGS = ['stateful', 'stateless, short token', 'stateless, long token', 'hybrid'] as const;
export type Setting = (typeof SETTINGS)[number];
