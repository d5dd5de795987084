/** When a page goes on after it was away: frozen and restored, hidden and shown, without a network and with one again. */

interface Target {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

const TYPES = ['pageshow', 'online', 'visibilitychange'] as const;

/** Calls back whenever that happens; returns how to stop. Where there is no page it never does. */
export function onResume(resumed: () => void): () => void {
  const { document, addEventListener } = globalThis as {
    readonly document?: Target & { readonly visibilityState?: string };
    readonly addEventListener?: unknown;
  };
  if (document === undefined || typeof addEventListener !== 'function') return () => {};
  const page = globalThis as unknown as Target;
  const listener = () => {
    if (document.visibilityState !== 'hidden') resumed();
  };
  for (const type of TYPES) (type === 'visibilitychange' ? document : page).addEventListener(type, listener);
  return () => {
    for (const type of TYPES)
      (type === 'visibilitychange' ? document : page).removeEventListener(type, listener);
  };
}
