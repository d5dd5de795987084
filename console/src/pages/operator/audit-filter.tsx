/** What of the audit log is shown: a kind, and whom it concerns. Both are in the address, so that a link shows the same. */

import { type ReactNode, useState } from 'react';
import { useAction } from '../../data/use-action.js';
import { UsersDocument } from '../../generated/graphql.js';
import { Button, FaultNotice, Select, TextField } from '../../kit/index.js';
import { ask } from '../../session/client.js';
import { KNOWN_KINDS } from './audit-words.js';
import type { Named } from './names.js';

export interface Filter {
  /** Empty for all. */
  readonly kind: string;
  readonly user: string;
}

type Candidate = Named & { readonly id: string };
const ID = /^[A-Za-z0-9_-]{22}$/;
/** So many are offered where a word fits several. */
const OFFERED = 6;

export function AuditFilter({
  filter,
  who,
  onFilter,
}: {
  readonly filter: Filter;
  /** Who is filtered by, once it is known. */
  readonly who: Named | null;
  readonly onFilter: (filter: Filter) => void;
}): ReactNode {
  const [typed, setTyped] = useState('');
  const [candidates, setCandidates] = useState<readonly Candidate[] | null>(null);
  const { kind, user } = filter;
  const isKnown = kind === '' || KNOWN_KINDS.some(([known]) => known === kind);

  function choose(id: string): void {
    setTyped('');
    setCandidates(null);
    onFilter({ kind, user: id });
  }

  const finding = useAction(async (text: string) => {
    if (ID.test(text)) return choose(text);
    const { users } = await ask(UsersDocument, { search: text, first: OFFERED });
    const found = users.edges.map(({ node }) => node);
    const exact = found.find(({ email }) => email.toLowerCase() === text.toLowerCase());
    const only = exact ?? (found.length === 1 ? found[0] : undefined);
    if (only !== undefined) choose(only.id);
    else setCandidates(found);
  });

  return (
    <search className="filter" aria-label="Filter the audit log">
      <Select
        label="Kind"
        value={kind}
        options={[
          ['', 'All kinds'],
          ...(isKnown ? [] : [[kind, kind] as const]),
          ...KNOWN_KINDS.map(([value, title]) => [value, title] as const),
        ]}
        onChange={(event) => onFilter({ kind: event.target.value, user })}
      />
      {user === '' ? (
        <form
          className="filter__user"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== '') void finding.run(typed.trim());
          }}
        >
          <TextField
            label="User"
            placeholder="Address, name or id"
            value={typed}
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
            error={
              candidates?.length === 0
                ? 'Nobody is called that. Whoever is deleted is found by their id.'
                : null
            }
            onChange={(event) => {
              setTyped(event.target.value);
              setCandidates(null);
            }}
          />
          <Button type="submit" icon="search" busy={finding.isRunning}>
            Find
          </Button>
        </form>
      ) : (
        <div className="filter__who">
          <span className="field__label">User</span>
          <span className="filter__chip">
            <span>{who?.name ?? user}</span>
            <Button tone="quiet" icon="close" onClick={() => onFilter({ kind, user: '' })}>
              Everybody
            </Button>
          </span>
        </div>
      )}
      {finding.fault !== null && <FaultNotice fault={finding.fault} />}
      {candidates !== null && candidates.length > 0 && (
        <ul className="filter__candidates" aria-label="Who is meant?">
          {candidates.map(({ id, name, email }) => (
            <li key={id}>
              <Button onClick={() => choose(id)}>
                {name} <span className="filter__email">{email}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
