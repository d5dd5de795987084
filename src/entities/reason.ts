/** Why an operator did something: short, and fit to be shown in lists and logs. */

import { isMisleading } from './text.js';

const MAX_REASON = 200;

export type Reason =
  | { readonly kind: 'reason'; readonly text: string }
  | { readonly kind: 'unusable'; readonly why: string };

export function readReason(text: string): Reason {
  if (text.length > MAX_REASON) return { kind: 'unusable', why: `has at most ${MAX_REASON} characters` };
  if (isMisleading(text))
    return {
      kind: 'unusable',
      why: 'has no control characters, nor any that direct text: it is shown in lists and logs',
    };
  return { kind: 'reason', text: text.trim() };
}
