/** What of the client is for Node.js alone: `counterfoil/client/node`. */

export { fileStorage } from './file-storage.js';
