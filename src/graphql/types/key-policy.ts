/** The times by which the key ring changes, as operators see them. */

import { Field, Int, ObjectType } from 'type-graphql';
import type { KeyPolicy } from '../../entities/key-ring.js';

const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);

@ObjectType({ description: 'What time does to the key ring. Durations in seconds.' })
export class SigningKeyPolicy {
  @Field(() => Int, { description: 'How long a key is published before it signs, unless it is forced to.' })
  publishLead: number;

  @Field(() => Int, { description: 'How long a key signs before it is rotated by itself.' })
  rotationPeriod: number;

  @Field(() => Int, {
    description:
      'The longest that a token may still be accepted, and its key stay published, after that key stopped signing.',
  })
  tokenLingers: number;

  constructor({ publishLeadMs, rotateEveryMs, tokenLingersMs }: KeyPolicy) {
    this.publishLead = seconds(publishLeadMs);
    this.rotationPeriod = seconds(rotateEveryMs);
    this.tokenLingers = seconds(tokenLingersMs);
  }
}
