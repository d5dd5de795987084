/**
 * The resolvers of this server. `@Authorized()` asks Counterfoil whether somebody is signed in, `@Authorized('OPERATOR')`
 * whether they are an operator; who it is, `authenticatedCaller` says.
 */

import { authenticatedCaller } from 'counterfoil';
import { Arg, Authorized, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { NotesContext } from './context.js';
import { AddNoteInput, Note, NoteStatistics } from './note-types.js';

const MOST = 100;

@Resolver()
export class NoteResolver {
  @Query(() => String, { description: 'For anybody.' })
  motto(): string {
    return 'Write it down.';
  }

  @Authorized()
  @Query(() => [Note], { description: 'Your notes, newest first.' })
  notes(@Arg('first', () => Int, { defaultValue: 20 }) first: number, @Ctx() context: NotesContext): Note[] {
    return context.notes.of(authenticatedCaller(context).userId, Math.min(Math.max(first, 0), MOST));
  }

  @Authorized()
  @Mutation(() => Note)
  addNote(@Arg('input', () => AddNoteInput) { text }: AddNoteInput, @Ctx() context: NotesContext): Note {
    return context.notes.add(authenticatedCaller(context).userId, text);
  }

  @Authorized()
  @Mutation(() => Boolean, { description: 'False when you have no such note.' })
  removeNote(@Arg('id', () => ID) id: string, @Ctx() context: NotesContext): boolean {
    return context.notes.remove(authenticatedCaller(context).userId, id);
  }

  @Authorized('OPERATOR')
  @Query(() => NoteStatistics)
  noteStatistics(@Ctx() { notes }: NotesContext): NoteStatistics {
    return notes.count();
  }
}
