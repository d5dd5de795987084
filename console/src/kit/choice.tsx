/** A choice of which every option is in sight, each with what it means. */

import type { ReactNode } from 'react';

/** One of a few, all of them in sight, each with what it means. */
export function Choice<Value extends string>({
  legend,
  name,
  value,
  onValue,
  options,
}: {
  readonly legend: string;
  readonly name: string;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
}): ReactNode {
  return (
    <fieldset className="choice">
      <legend className="field__label">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice__option">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onValue(option.value)}
          />
          <span>
            <span className="choice__label">{option.label}</span>
            {option.hint && <span className="choice__hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
