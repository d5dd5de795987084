/** A signed token taken apart: its text, header, claims and signature. Real, or a specimen. */

import type { ReactNode } from 'react';
import { Notice, Section, Skeleton } from '../../kit/index.js';
import { CLAIM_NOTES, HEADER_NOTES, STATELESS_CLAIM_NOTES } from './claims.js';
import type { ReadToken } from './decode.js';
import { FieldList } from './field-list.js';
import { Signature, usePublicKeys } from './signature.js';
import { TokenText } from './token-text.js';
import type { PublicKey } from './verify.js';

export function SignedToken({
  text,
  token,
  now,
  specimenKeys,
}: {
  readonly text: string;
  readonly token: ReadToken;
  readonly now: number;
  /** Of a specimen; null for a real token, whose keys are published. */
  readonly specimenKeys: readonly PublicKey[] | null;
}): ReactNode {
  const { keys, isFault } = usePublicKeys(specimenKeys);
  const isSpecimen = specimenKeys !== null;
  // A row that it could be held against is what the epoch is for.
  const claimNotes = 'epoch' in token.claims ? CLAIM_NOTES : STATELESS_CLAIM_NOTES;
  const kid = String(token.header['kid'] ?? '');
  return (
    <>
      <Section
        title={isSpecimen ? 'A token of this kind' : 'The access token'}
        lead="Three parts, each in base64url: readable by everybody, and secret in nothing. What makes it worth something is the last one."
      >
        <TokenText token={token} isSpecimen={isSpecimen} />
      </Section>
      <Section title="Header" lead="What kind of thing this is, and who can check it.">
        <FieldList label="Header" part="header" fields={token.header} notes={HEADER_NOTES} now={now} />
      </Section>
      <Section title="Claims" lead="What it says of you. Each is there because somebody checks it.">
        <FieldList label="Claims" part="payload" fields={token.claims} notes={claimNotes} now={now} />
      </Section>
      <Section title="Signature" lead="The mark that one party can make and everybody can check.">
        {keys !== null && <Signature text={text} kid={kid} keys={keys} isSpecimen={isSpecimen} />}
        {keys === null && !isFault && <Skeleton rows={1} label="The public keys are loading" />}
        {isFault && (
          <Notice tone="warning" title="The public keys could not be fetched">
            The signature is checked when they are there. Reload the page to try again.
          </Notice>
        )}
      </Section>
    </>
  );
}
