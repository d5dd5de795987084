/** Reads the claims of an access token without judging it. */

export interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly aud: string;
  readonly scope: string;
  readonly auth_time: number;
  readonly epoch: number;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

export function decodeJwt(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}
