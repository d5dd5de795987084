/** A filling of lines, for drawings that are told apart by more than colour. What it is coloured by is in its class. */

import type { ReactNode } from 'react';

export function Hatch({
  id,
  angle,
  step,
  className,
}: {
  readonly id: string;
  /** In degrees; 0 is upright lines. */
  readonly angle: number;
  readonly step: number;
  readonly className: string;
}): ReactNode {
  return (
    <pattern
      id={id}
      className={className}
      width={step}
      height={step}
      patternUnits="userSpaceOnUse"
      patternTransform={`rotate(${angle})`}
    >
      <rect width={step} height={step} className="hatch__ground" />
      <path d={`M${step / 2} 0V${step}`} className="hatch__line" />
    </pattern>
  );
}
