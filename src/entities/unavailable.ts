/**
 * The one failure that is neither an outcome nor a bug: what is needed to decide cannot be reached. Thrown by stores,
 * and caught at the edge, which tells the client to try again; nobody in between turns it into a yes.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
