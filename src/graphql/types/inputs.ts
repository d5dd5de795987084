/** Inputs of mutations: one object each, so that a field can be added without breaking a client. */

import { Field, ID, InputType } from 'type-graphql';
import { DeliveryName, SigningAlgorithmName } from './enums.js';

@InputType()
abstract class SignInInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;

  @Field(() => DeliveryName, { defaultValue: DeliveryName.BODY, description: 'Browsers should say COOKIE.' })
  delivery!: DeliveryName;

  @Field(() => String, {
    nullable: true,
    description: 'How this device shall be called in lists; 64 characters.',
  })
  deviceName?: string | null;
}

@InputType()
export class RegisterInput extends SignInInput {
  @Field(() => String, {
    nullable: true,
    description: 'The part of the address before the @ if it is left out.',
  })
  name?: string | null;
}

@InputType()
export class LoginInput extends SignInInput {}

@InputType()
export class RefreshInput {
  @Field(() => String, {
    nullable: true,
    description: 'Left out where the refresh token travels in a cookie.',
  })
  refreshToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A random id that the client stores before it sends a refresh, and sends again when it repeats that same refresh: a lost response then costs nothing. At most 256 characters.',
  })
  idempotencyKey?: string | null;
}

@InputType()
export class LogoutDeviceInput {
  @Field(() => ID)
  sessionId!: string;
}

@InputType()
export class LogoutAllDevicesInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Keep this device signed in; it gets fresh tokens.',
  })
  exceptCurrent!: boolean;
}

@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String)
  newPassword!: string;
}

@InputType()
export class DeleteAccountInput {
  @Field(() => String)
  password!: string;
}

@InputType()
export class RotateSigningKeyInput {
  @Field(() => SigningAlgorithmName, { nullable: true, description: 'The present one if it is left out.' })
  algorithm?: SigningAlgorithmName | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Do not wait until the new key has been published long enough for every verifier to know it.',
  })
  force!: boolean;
}

@InputType()
export class RevokeSigningKeyInput {
  @Field(() => ID)
  kid!: string;

  @Field(() => String, { description: 'Kept with the key; 200 characters.' })
  reason!: string;
}

@InputType()
export class SuspendUserInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String, { description: 'For operators to read; 200 characters.' })
  reason!: string;
}

@InputType()
export class UserIdInput {
  @Field(() => ID)
  userId!: string;
}

@InputType()
export class CreateVerifierInput {
  @Field(() => String, { description: 'What to call it, such as "orders service"; 100 characters.' })
  name!: string;
}

@InputType()
export class WithdrawVerifierInput {
  @Field(() => ID)
  id!: string;
}

@InputType()
export class NotifyUserInput {
  @Field(() => ID, {
    nullable: true,
    description: 'All devices of this user. Without it, and without "sessionId", everybody.',
  })
  userId!: string | null;

  @Field(() => ID, { nullable: true, description: 'This device alone.' })
  sessionId!: string | null;

  @Field(() => String, { description: 'Plain text; 500 characters.' })
  text!: string;
}
