/** Fields of forms: each has its label, its hint and its fault tied to it, so that a screen reader says all three. */

import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId, useState } from 'react';

interface Described {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with what was typed; each of several on a line of its own. */
  readonly error?: string | readonly string[] | null | undefined;
}

/** What stands under a field, and the ids that tie it to the field. */
function useDescription({ hint, error }: Pick<Described, 'hint' | 'error'>) {
  const id = useId();
  const errors = (typeof error === 'string' ? [error] : (error ?? [])).filter((text) => text !== '');
  const hasHint = hint !== undefined && hint !== null;
  const ids = [...(errors.length > 0 ? [`${id}e`] : []), ...(hasHint ? [`${id}h`] : [])];
  return {
    id,
    attributes: {
      id,
      'aria-invalid': errors.length > 0 || undefined,
      'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    },
    below: (
      <>
        {errors.length > 0 && (
          <span className="field__error" id={`${id}e`}>
            {errors.map((text) => (
              <span key={text}>{text}</span>
            ))}
          </span>
        )}
        {hasHint && (
          <span className="field__hint" id={`${id}h`}>
            {hint}
          </span>
        )}
      </>
    ),
  };
}

/** One line of text; a password can be shown. `name` is what `Form` calls its value. */
export function TextField({
  label,
  hint,
  error,
  type = 'text',
  ...rest
}: Described & InputHTMLAttributes<HTMLInputElement>): ReactNode {
  const { id, attributes, below } = useDescription({ hint, error });
  const [isShown, setShown] = useState(false);
  const secret = type === 'password';
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <span className="field__box">
        <input {...rest} {...attributes} className="field__input" type={secret && isShown ? 'text' : type} />
        {secret && (
          <button
            type="button"
            className="field__reveal"
            aria-pressed={isShown}
            aria-label={`Show ${label.toLowerCase()}`}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? 'Hide' : 'Show'}
          </button>
        )}
      </span>
      {below}
    </div>
  );
}

/** Several lines of text, with how much is left of `maxLength`. */
export function TextArea({
  label,
  hint,
  error,
  value,
  onValue,
  maxLength,
  rows = 4,
  name,
  required,
}: Described & {
  readonly value: string;
  readonly onValue: (text: string) => void;
  readonly maxLength?: number;
  readonly rows?: number;
  readonly name?: string;
  readonly required?: boolean;
}): ReactNode {
  const left = maxLength === undefined ? null : `${maxLength - value.length} characters left`;
  const { id, attributes, below } = useDescription({ hint: hint ?? left, error });
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <textarea
        {...attributes}
        className="field__input"
        name={name}
        required={required}
        rows={rows}
        maxLength={maxLength}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
      {below}
    </div>
  );
}

/** One of several; `options` are pairs of a value and what it is called. */
export function Select({
  label,
  hint,
  error,
  options,
  ...rest
}: Described &
  SelectHTMLAttributes<HTMLSelectElement> & {
    readonly options: readonly (readonly [value: string, label: string])[];
  }): ReactNode {
  const { id, attributes, below } = useDescription({ hint, error });
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <select {...rest} {...attributes} className="field__input field__input--select">
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {below}
    </div>
  );
}
