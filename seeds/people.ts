/** Who is in the demo: 50 made-up people, the first of them an operator. */

const GIVEN = ['Ada', 'Bruno', 'Chidi', 'Dagny', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun'];
const FAMILY = ['Amsel', 'Brandt', 'Castro', 'Dumont', 'Eklund'];

export interface DemoPerson {
  readonly email: string;
  readonly name: string;
}

export const OPERATOR: DemoPerson = { email: 'operator@demo.example', name: 'Olga Operator' };

export const PEOPLE: readonly DemoPerson[] = FAMILY.flatMap((family) =>
  GIVEN.map((given) => ({
    email: `${given}.${family}@demo.example`.toLowerCase(),
    name: `${given} ${family}`,
  })),
);

export const DEVICES = [
  { deviceName: 'Laptop', clientLabel: 'Firefox on Linux' },
  { deviceName: 'Phone', clientLabel: 'Safari on iOS' },
  { deviceName: 'Work computer', clientLabel: 'Chrome on Windows' },
  { deviceName: 'Tablet', clientLabel: 'Chrome on Android' },
  { deviceName: 'Living room', clientLabel: 'Safari on macOS' },
  { deviceName: null, clientLabel: null },
] as const;
