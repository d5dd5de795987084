/** What clients see of the notes. */

import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType()
export class Note {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  text!: string;

  @Field(() => GraphQLISODateTime)
  writtenAt!: Date;
}

@ObjectType({ description: 'Figures for those who run the service.' })
export class NoteStatistics {
  @Field(() => Int)
  notes!: number;

  @Field(() => Int)
  authors!: number;
}

@InputType()
export class AddNoteInput {
  @Field(() => String)
  text!: string;
}
