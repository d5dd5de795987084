/** How the opaque credentials begin. Apart from their makers, which need Node: whoever reads a token must tell them apart. */

export const REFRESH_TOKEN_PREFIX = 'cfr_';
