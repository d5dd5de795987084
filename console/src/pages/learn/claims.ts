/**
 * What each field of an access token is for, where it is written down, and what a verifier does with it: held by a test
 * against the claims that the server really writes.
 */

export interface FieldNote {
  readonly name: string;
  /** In plain words. */
  readonly title: string;
  readonly meaning: string;
  /** What whoever verifies the token checks about it. */
  readonly check: string;
  readonly sources: readonly Source[];
  readonly kind: 'text' | 'instant' | 'id';
}

export interface Source {
  readonly label: string;
  readonly href: string;
}

const rfc = (number: number, section: string): Source => ({
  label: `RFC ${number} §${section}`,
  href: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});

const openId = (name: string, page: string, section: string): Source => ({
  label: `${name} §${section}`,
  href: `https://openid.net/specs/${page}`,
});

export const HEADER_NOTES: readonly FieldNote[] = [
  {
    name: 'alg',
    title: 'Algorithm',
    meaning: 'How the signature was made.',
    check:
      'It must be the algorithm of the key. The verifier takes it from there, never from here: a token that may choose would choose “none”.',
    sources: [rfc(7515, '4.1.1'), rfc(8725, '3.1')],
    kind: 'text',
  },
  {
    name: 'typ',
    title: 'Type',
    meaning: 'Says that this is an access token, and no other kind of signed text.',
    check: 'Anything but at+jwt is refused, so nothing that was signed for another purpose passes for one.',
    sources: [rfc(9068, '2.1'), rfc(8725, '3.11')],
    kind: 'text',
  },
  {
    name: 'kid',
    title: 'Key',
    meaning: 'Which of the server’s keys signed it: the fingerprint of the public key.',
    check: 'There must be such a key among the published ones, and it must not have been revoked.',
    sources: [rfc(7515, '4.1.4'), rfc(7638, '3')],
    kind: 'id',
  },
];

export const CLAIM_NOTES: readonly FieldNote[] = [
  {
    name: 'iss',
    title: 'Issuer',
    meaning: 'Who made it: this server, by its public name.',
    check: 'Exactly the issuer that the verifier trusts, letter by letter.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.1'), rfc(8725, '3.8')],
    kind: 'text',
  },
  {
    name: 'aud',
    title: 'Audience',
    meaning: 'Whom it is for. A token for one service is of no use at another.',
    check: 'The verifier’s own name.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.3'), rfc(8725, '3.9')],
    kind: 'text',
  },
  {
    name: 'sub',
    title: 'Subject',
    meaning: 'Who you are: the id of your account. Not your address, which is nobody’s business on the way.',
    check: 'Together with the epoch: whether all of your sessions have been logged out since.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.2')],
    kind: 'id',
  },
  {
    name: 'sid',
    title: 'Session',
    meaning: 'Which of your devices: the id of the session’s row, the stub of this ticket.',
    check: 'Whether the session is on the list of what has ended. This is what makes logging out felt.',
    sources: [openId('OpenID Front-Channel Logout', 'openid-connect-frontchannel-1_0.html', '3')],
    kind: 'id',
  },
  {
    name: 'client_id',
    title: 'Client',
    meaning: 'The software that the token was given to.',
    check: 'That it is there. A service may allow some clients and not others.',
    sources: [rfc(9068, '2.2'), rfc(8693, '4.3')],
    kind: 'text',
  },
  {
    name: 'iat',
    title: 'Issued at',
    meaning: 'When it was made.',
    check:
      'Not in the future, by more than clocks may differ; and not further from the expiry than policy allows.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.6')],
    kind: 'instant',
  },
  {
    name: 'exp',
    title: 'Expires',
    meaning: 'When it stops working, wherever it is then and whoever has it.',
    check: 'Not yet. The last word where nobody can be asked.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.4')],
    kind: 'instant',
  },
  {
    name: 'jti',
    title: 'Token id',
    meaning:
      'Names this one token. Part of it is a mark that only the server’s second secret can make, so whoever steals the signing key still cannot turn a forgery into a session.',
    check: 'Elsewhere nothing. Here the mark, wherever an access token is to be exchanged for more.',
    sources: [rfc(9068, '2.2'), rfc(7519, '4.1.7')],
    kind: 'id',
  },
  {
    name: 'epoch',
    title: 'Epoch',
    meaning: 'A counter on your account. Logging out everywhere raises it by one, and what is below is dead.',
    check: 'Not below the epoch on the list of what has ended. One number ends any number of tokens.',
    sources: [rfc(7519, '4.3')],
    kind: 'text',
  },
  {
    name: 'scope',
    title: 'Scope',
    meaning: 'What it may be used for: your roles.',
    check: 'Whether it is enough for what is asked. A refresh never adds to it.',
    sources: [rfc(9068, '2.2.3'), rfc(8693, '4.2')],
    kind: 'text',
  },
  {
    name: 'auth_time',
    title: 'Signed in at',
    meaning: 'When you last proved who you are. Refreshing never moves it.',
    check: 'Where it matters, whether that is recent enough, such as before a payment.',
    sources: [rfc(9068, '2.2.1'), openId('OpenID Core', 'openid-connect-core-1_0.html', '2')],
    kind: 'instant',
  },
];

const IN_STATELESS: Readonly<Record<string, Partial<FieldNote>>> = {
  sub: { check: 'Nothing more: no list says whether you have logged out since.' },
  sid: {
    meaning: 'Names this sign-in. No row stands behind it.',
    check: 'Nothing: there is no list that it could be on.',
  },
  jti: {
    meaning: 'Names this one token. It can be exchanged for the next as it is.',
    check: 'Nothing. Whoever steals the signing key makes up one that nobody can tell from this.',
  },
};

/** Of a token that is all there is. */
export const STATELESS_CLAIM_NOTES: readonly FieldNote[] = CLAIM_NOTES.filter(
  ({ name }) => name !== 'epoch',
).map((note) => ({ ...note, ...IN_STATELESS[note.name] }));

/** The notes of what is there, and what is there without a note: nothing is hidden. */
export function notesFor(
  notes: readonly FieldNote[],
  fields: Readonly<Record<string, unknown>>,
): FieldNote[] {
  const known = notes.filter(({ name }) => name in fields);
  const unknown = Object.keys(fields).filter((name) => notes.every((note) => note.name !== name));
  return [
    ...known,
    ...unknown.map((name) => ({
      name,
      title: name,
      meaning: 'This page does not know what it is for.',
      check: 'Nothing that is known here.',
      sources: [rfc(7519, '4.3')],
      kind: 'text' as const,
    })),
  ];
}
