/** The signature, checked in the page by the published keys alone, and what happens when a single letter is changed. */

import { type ReactNode, useEffect, useState } from 'react';
import { Button, Icon, Notice } from '../../kit/index.js';
import { withOneLetterChanged } from './decode.js';
import { fetchKeys, type PublicKey, type Verification, verifySignature } from './verify.js';

/** The published keys, fetched once; `given` in their place for specimens. Null until they are there, or if they never come. */
export function usePublicKeys(given: readonly PublicKey[] | null): {
  readonly keys: readonly PublicKey[] | null;
  readonly isFault: boolean;
} {
  const [keys, setKeys] = useState(given);
  const [isFault, setFault] = useState(false);
  useEffect(() => {
    if (given !== null) return;
    fetchKeys(document.baseURI).then(setKeys, () => setFault(true));
  }, [given]);
  return { keys: given ?? keys, isFault };
}

export function Signature({
  text,
  kid,
  keys,
  isSpecimen,
}: {
  readonly text: string;
  readonly kid: string;
  readonly keys: readonly PublicKey[];
  readonly isSpecimen: boolean;
}): ReactNode {
  const [isChanged, setChanged] = useState(false);
  const [found, setFound] = useState<Verification | null>(null);
  useEffect(() => {
    let isHere = true;
    void verifySignature(isChanged ? withOneLetterChanged(text) : text, keys).then(
      (verification) => isHere && setFound(verification),
    );
    return () => {
      isHere = false;
    };
  }, [text, keys, isChanged]);
  return (
    <div className="signature">
      <div role="status">
        {found !== null && <Finding found={found} isChanged={isChanged} isSpecimen={isSpecimen} />}
      </div>
      <ul className="keys" aria-label={isSpecimen ? 'Keys of this page' : 'Published signing keys'}>
        {keys.map((key) => (
          <li key={key.kid} className={`key ${key.kid === kid ? 'key--used' : ''}`}>
            <Icon name="key" size={18} />
            <span className="key__id">
              <code>{key.kid}</code>
              <span>
                {key.alg}
                {key.kid === kid ? ' · signed this token' : ' · published, has not signed this one'}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <div>
        <Button aria-pressed={isChanged} onClick={() => setChanged(!isChanged)}>
          {isChanged ? 'Put the letter back' : 'Change one letter'}
        </Button>
      </div>
    </div>
  );
}

function Finding({
  found,
  isChanged,
  isSpecimen,
}: {
  readonly found: Verification;
  readonly isChanged: boolean;
  readonly isSpecimen: boolean;
}): ReactNode {
  switch (found.kind) {
    case 'good':
      return (
        <Notice tone="good" title="Verified in this page, offline: no server was asked">
          The {found.algorithm} signature fits {isSpecimen ? 'the key of this page' : 'the published key'}.
          Any service that has the key can say the same, and that is why an access token scales. What it
          cannot know is whether you have logged out since.
        </Notice>
      );
    case 'bad':
      return (
        <Notice
          tone="danger"
          title={
            isChanged
              ? 'One letter was changed, and the signature does not fit'
              : 'The signature does not fit'
          }
        >
          {isChanged
            ? 'What is signed can be read by anybody, and changed by nobody. Your own token is as it was.'
            : 'This token was not signed by the key that it names.'}
        </Notice>
      );
    case 'unknown-key':
      return (
        <Notice tone="warning" title="The key is not among the published ones">
          It was changed a moment ago, or revoked. Refresh, and look again.
        </Notice>
      );
    case 'cannot':
      return (
        <Notice tone="info" title="The signature cannot be checked here">
          {found.why}
        </Notice>
      );
  }
}
