/** All users, for operators: found by a part of their name or address, which stays in the address of the page. */

import '../../styles/operator.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePages } from '../../data/use-pages.js';
import { type AccountFragment, UsersDocument } from '../../generated/graphql.js';
import {
  Badge,
  Button,
  EmptyState,
  FaultNotice,
  Icon,
  More,
  PageHeader,
  Skeleton,
  TextField,
  Time,
} from '../../kit/index.js';
import { goTo, hrefTo, usePlace } from '../../router/router.js';
import { EVERYBODY, Message } from './message.js';
import { Monogram } from './monogram.js';
import { counted, roleName } from './words.js';

const PATH = '/operator/users';
/** After the last key, so that a word is asked for once and not letter by letter. */
const PAUSE_MS = 250;

export default function Users(): ReactNode {
  const search = usePlace().query.get('search') ?? '';
  const [typed, setTyped] = useState(search);
  const [isWriting, setWriting] = useState(false);
  const users = usePages(UsersDocument, { search }, (data) => data.users);
  const asked = useRef(search);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === search) return;
    const timer = setTimeout(() => {
      asked.current = wanted;
      goTo(hrefTo(PATH, { search: wanted }), { replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search]);
  // An address that comes from elsewhere, such as from the navigation, is what is searched for.
  useEffect(() => {
    if (search !== asked.current) setTyped(search);
    asked.current = search;
  }, [search]);
  const { items } = users;

  return (
    <>
      <PageHeader
        title="Users"
        lead="Everybody who has an account here, newest first."
        actions={
          <Button icon="message" onClick={() => setWriting(true)}>
            Message everybody
          </Button>
        }
      />
      <search className="people-search">
        <TextField
          label="Search"
          type="search"
          placeholder="A part of the name or address"
          value={typed}
          maxLength={254}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </search>
      <p className="visually-hidden" role="status">
        {items !== null &&
          !users.isLoading &&
          `${counted(items.length, 'user')}${users.hasMore ? ' or more' : ''}`}
      </p>
      {users.fault !== null && <FaultNotice fault={users.fault} onRetry={users.reload} />}
      {items === null && users.fault === null && <Skeleton label="Users are loading" />}
      {items?.length === 0 && (
        <EmptyState
          icon="search"
          title={search === '' ? 'Nobody has an account yet.' : 'Nobody has that in their name or address.'}
        />
      )}
      {items !== null && items.length > 0 && (
        <ul className="people" aria-label="Users" aria-busy={users.isLoading}>
          {items.map((user) => (
            <Person key={user.id} user={user} />
          ))}
        </ul>
      )}
      <More pages={users} />
      {isWriting && <Message to={EVERYBODY} onClose={() => setWriting(false)} />}
    </>
  );
}

function Person({ user }: { readonly user: AccountFragment }): ReactNode {
  const isSuspended = user.suspendedAt !== null;
  return (
    <li className="person">
      <Monogram name={user.name} isFaded={isSuspended} />
      <div className="person__who">
        <p className="person__name">
          <a href={hrefTo(`${PATH}/${user.id}`)}>{user.name}</a>
          {user.roles
            .filter((role) => role !== 'USER')
            .map((role) => (
              <Badge key={role}>{roleName(role)}</Badge>
            ))}
          {isSuspended && <Badge tone="danger">Suspended</Badge>}
        </p>
        <p className="person__email">{user.email}</p>
      </div>
      <p className="person__since">
        Joined <Time at={user.createdAt} />
      </p>
      <Icon name="next" size={16} />
    </li>
  );
}
