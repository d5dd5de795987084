/**
 * Copies a deployment from a SQLite file to PostgreSQL while its servers go on, and moves it there. This file owns what
 * is asked before anything is written; how rows are compared and sent is `reconcile.ts`, the move is `cut-over.ts`, how
 * writes are refused at the source is `sqlite/move.ts`. Called by the command line through `app.ts`.
 */

import { existsSync } from 'node:fs';
import { reasonByCode, reasonByWords } from '../postgres/reasons.js';
import { Connection } from '../sqlite/connection.js';
import { migrationStatus } from '../sqlite/migrate.js';
import { markSource, movedText, moveOf } from '../sqlite/move.js';
import { cutOver, finish } from './cut-over.js';
import { examine, type Standing } from './examine.js';
import type { CopyOutcome, CopyRequest } from './order.js';
import { messageOf, pass, type Sides } from './pass.js';
import { TABLES } from './plan.js';
import { Source } from './source.js';
import { Target } from './target.js';

export async function copyToPostgres(request: CopyRequest): Promise<CopyOutcome> {
  if (!existsSync(request.file)) return refused(`there is no database at ${request.file}`);
  const connection = new Connection(request.file);
  try {
    if (request.mode === 'look') connection.raw.pragma('query_only = ON');
    const { applied, known } = migrationStatus(connection, request.migrations.sqlite);
    if (applied < known)
      return refused(
        `${request.file} has had ${applied} of ${known} migrations: run "counterfoil migrate" first`,
      );
    if (applied > known) return refused(`${request.file} was migrated by a newer version: run that version`);
    const sealedFor = moveOf(connection.raw)?.sealedFor ?? null;
    if (sealedFor !== null && sealedFor !== request.targetName) return refused(movedText(sealedFor));
    return await onTarget(request, connection, sealedFor !== null);
  } finally {
    connection.close();
  }
}

async function onTarget(request: CopyRequest, connection: Connection, sealed: boolean): Promise<CopyOutcome> {
  const { url, targetName, mode } = request;
  let target: Target;
  try {
    target = await Target.connect(url);
  } catch (fault) {
    return refused(`${targetName} cannot be used: ${unusableBecause(fault)}`);
  }
  try {
    const sides = { request, connection, target };
    const known = moveOf(connection.raw)?.source ?? null;
    const standing = await examine(target, { url, source: known, migrations: request.migrations.postgres });
    if (standing.kind === 'unfit')
      return sealed && standing.inhabited
        ? { kind: 'moved-before' }
        : refused(`${targetName} ${standing.reason}`);
    if (mode === 'look') return await look(sides, standing);
    if (sealed && mode === 'copy') return refused(movedText(targetName));

    const source = markSource(connection.raw);
    if (standing.kind === 'unmigrated') await request.migrateTarget();
    if (standing.kind !== 'copy') await target.mark(source);
    await target.writeAs(source);
    if (mode === 'copy')
      return { kind: 'copied', ...(await pass(sides, { stage: 'copying', writes: true })) };
    return sealed ? await finish(sides, source) : await cutOver(sides, source);
  } finally {
    await target.close();
  }
}

function unusableBecause(fault: unknown): string {
  const { code = '' } = fault as { readonly code?: string };
  return reasonByCode(code) ?? reasonByWords(messageOf(fault)) ?? messageOf(fault);
}

async function look(sides: Sides, { kind }: Standing): Promise<CopyOutcome> {
  if (kind !== 'unmigrated')
    return { kind: 'looked', target: kind, ...(await pass(sides, { stage: 'copying', writes: false })) };
  const source = new Source(sides.connection.raw);
  const tables = TABLES.map((table) => {
    const rows = source.count(table);
    return { table: table.name, rows, sent: rows, removed: 0 };
  });
  return { kind: 'looked', target: kind, tables, mended: [] };
}

function refused(reason: string): CopyOutcome {
  return { kind: 'refused', reason };
}
