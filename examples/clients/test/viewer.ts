/** What every test asks. */

export const VIEWER = 'query Viewer { viewer { id } }';

export interface Data {
  readonly viewer: { readonly id: string };
}
