/** The honest remainder, below what is about to be done. */

import type { ReactNode } from 'react';
import { useServerInfo } from '../../data/server-info.js';
import { residual } from './residual.js';

export function DeadBy(): ReactNode {
  const text = residual(useServerInfo());
  return text === null ? null : <p className="aside">{text}</p>;
}
