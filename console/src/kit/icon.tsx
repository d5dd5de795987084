/** Our own line icons, 20 by 20. They decorate: what they mean is said in words beside them. */

import type { ReactNode } from 'react';

const PATHS = {
  devices: 'M2.5 4.5h11v8h-11zM1 15h9M15 7h3.5v9h-5.5v-3',
  laptop: 'M4 5h12v8H4zM2 15.5h16',
  phone: 'M6.5 2.5h7v15h-7zM9 15h2',
  tablet: 'M4.5 2.5h11v15h-11zM9 15h2',
  terminal: 'M2.5 4h15v12h-15zM5.5 8l2.5 2-2.5 2M10 12.5h4',
  activity: 'M10 2.5a7.5 7.5 0 1 1-7 4.8M3 3v4.5h4.5M10 6v4.5l3 1.8',
  lock: 'M4.5 9h11v8h-11zM7 9V6.5a3 3 0 0 1 6 0V9M10 12v2',
  ticket:
    'M2.5 5.5h15v2.8a1.8 1.8 0 0 0 0 3.4v2.8h-15v-2.8a1.8 1.8 0 0 0 0-3.4zM7.5 5.8v1.4M7.5 9.3v1.4M7.5 12.8v1.4',
  users:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 16.5c0-3 2.3-4.7 5.5-4.7s5.5 1.7 5.5 4.7M13 3.8a3 3 0 0 1 0 5.4M15 12.2c1.9.7 3 2.2 3 4.3',
  user: 'M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4M3.8 17c0-3.2 2.6-5 6.2-5s6.2 1.8 6.2 5',
  key: 'M6.5 13.5a3.8 3.8 0 1 1 2.7-6.5L17 14.5V17h-3v-2h-2v-2h-1.5l-1-1',
  log: 'M4.5 2.5h11v15h-11zM7.5 6.5h5M7.5 10h5M7.5 13.5h3',
  pulse: 'M2 10.5h3.5L8 4l4 12 2.5-5.5H18',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  close: 'M5 5l10 10M15 5L5 15',
  out: 'M8 3.5H3.5v13H8M12 6.5l3.5 3.5-3.5 3.5M15.5 10H7.5',
  check: 'M4 10.5l4 4L16 6',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14v.5',
  info: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 9v5M10 6v.5',
  message: 'M3 4h14v9.5H9L5.5 16.5v-3H3z',
  place:
    'M10 17.5s5.5-5 5.5-9.3a5.5 5.5 0 0 0-11 0c0 4.3 5.5 9.3 5.5 9.3M10 9.8a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4',
  search: 'M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M12.8 12.8L17 17',
  eye: 'M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10M10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4',
  rotate: 'M16.5 8.5A6.8 6.8 0 0 0 4.4 6M3.5 2.5v4h4M3.5 11.5A6.8 6.8 0 0 0 15.6 14M16.5 17.5v-4h-4',
  models: 'M2.5 3.5h4v13h-4zM8 3.5h4v13H8zM13.5 3.5h4v13h-4z',
  next: 'M7.5 4.5L13 10l-5.5 5.5',
  back: 'M12.5 4.5L7 10l5.5 5.5',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words; it is hidden from screen readers. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
