/** Why the page cannot read what renews the session, and why that is good: the cookie, attribute by attribute. */

import type { ReactNode } from 'react';

const ATTRIBUTES = [
  [
    '__Host-',
    'in its name: only this very host can have set it, for the whole of it, over a safe connection.',
  ],
  [
    'HttpOnly',
    'no script can read it. One that slips into this page can use it while the page is open, but not carry it off.',
  ],
  ['Secure', 'it never travels in the clear.'],
  ['SameSite=Strict', 'no other site can make your browser send it.'],
] as const;

export function CookieBox({ what }: { readonly what: string }): ReactNode {
  return (
    <div className="cookie">
      <p>
        {what} travels in the cookie <code>__Host-counterfoil</code>, which this page cannot read. That is on
        purpose:
      </p>
      <ul>
        {ATTRIBUTES.map(([name, text]) => (
          <li key={name}>
            <code className="cookie__name">{name}</code> <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
