/** The ticket at the entrance: sign in, or make an account. Whichever address somebody came for is kept. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SignOutReason } from '../../../../src/client/index.js';
import { Notice } from '../../kit/notice.js';
import { hasMoved, hrefTo, noteMove, usePlace } from '../../router/router.js';
import { useStore } from '../../session/emitter.js';
import { farewellFor } from '../../session/end-of-session.js';
import { untold } from '../../session/log-out.js';
import { Mark } from '../../shell/mark.js';
import { RegisterForm } from './register-form.js';
import { SignInForm } from './sign-in-form.js';

export function Entrance({ because }: { readonly because: SignOutReason | null }): ReactNode {
  const isNew = usePlace().path === '/register';
  // As it was when this came up: what is noted of the end is soon forgotten.
  const [farewell] = useState(() => farewellFor(because));
  const title = isNew ? 'Create an account' : 'Sign in';
  const isUntold = useStore(untold);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Counterfoil`;
    if (hasMoved() || because !== null) heading.current?.focus();
    // Whatever comes after this takes the focus.
    noteMove();
  }, [title, because]);
  return (
    <main className="entrance">
      <div className="ticket">
        <div className="ticket__stub" aria-hidden="true">
          <Mark size={36} />
          <span className="ticket__word">Counterfoil</span>
          <span className="ticket__code">
            <span className="ticket__bars" />
            ADMIT ONE
          </span>
        </div>
        <div className="ticket__body">
          <header>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            <p className="ticket__host">{location.host}</p>
          </header>
          <div role="status">
            {isUntold && (
              <Notice
                tone="warning"
                icon="warning"
                title="The server does not know yet that you are logged out"
              >
                It cannot be reached. Keep this page open until this message goes: until then, whoever uses
                this browser could sign in as you again.
              </Notice>
            )}
            {farewell && !isNew && !isUntold && (
              <Notice tone={farewell.tone} icon={farewell.tone === 'info' ? 'info' : 'warning'}>
                {farewell.text}
              </Notice>
            )}
          </div>
          {isNew ? <RegisterForm /> : <SignInForm />}
          <p className="ticket__other">
            {isNew ? (
              <>
                You have an account? <a href={hrefTo('/')}>Sign in</a>
              </>
            ) : (
              <>
                New here? <a href={hrefTo('/register')}>Create an account</a>
              </>
            )}
          </p>
        </div>
      </div>
    </main>
  );
}
