/** Who is signed in: asked once, and known to every page below. */

import { createContext, type ReactNode, useContext } from 'react';
import { ViewerDocument, type ViewerQuery } from '../generated/graphql.js';
import { type Query, useQuery } from './use-query.js';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

const ViewerContext = createContext<Query<ViewerQuery> | null>(null);

export function ViewerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return <ViewerContext value={useQuery(ViewerDocument, {})}>{children}</ViewerContext>;
}

/** Null until the server has said it. */
export function useViewer(): Viewer | null {
  return useContext(ViewerContext)?.data?.viewer ?? null;
}

/** Whether the operators' pages are for whoever is signed in. The server decides again, at each request. */
export function useIsOperator(): boolean {
  return useViewer()?.roles.includes('OPERATOR') ?? false;
}
