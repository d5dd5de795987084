/** The session models by name. The composition root picks one at start; nobody else knows that there are several. */

import type { ModelName } from '../entities/session-model.js';
import type { SessionModel } from './contract.js';
import { hybridModel } from './hybrid.js';
import type { ModelParts } from './parts.js';
import { statefulModel } from './stateful.js';
import { statelessModel } from './stateless.js';

export const SESSION_MODELS: Readonly<Record<ModelName, (parts: ModelParts) => SessionModel>> = {
  stateful: statefulModel,
  stateless: statelessModel,
  hybrid: hybridModel,
};
