/** The names of the session models: who may say that a credential is good. `session/` has the models themselves. */

export const MODEL_NAMES = ['stateful', 'stateless', 'hybrid'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];
