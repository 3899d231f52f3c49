import { useId } from "preact/hooks";
import { describes, Field } from "./Field";

interface LineFieldProps {
  label: string;
  help?: string;
  error?: string;
  need?: string;
  question?: string;
  value: string;
  onWords: (words: string) => void;
  /** Several lines. */
  long?: boolean;
}

/** A field for words. */
export function LineField({ value, onWords, long, ...field }: LineFieldProps) {
  const id = useId();
  const props = {
    id,
    class: "box",
    value,
    "aria-invalid": field.error ? true : undefined,
    "aria-describedby": describes(id, field.help, field.error),
  };
  return (
    <Field id={id} {...field}>
      {long ? (
        <textarea {...props} onInput={(e) => onWords(e.currentTarget.value)} />
      ) : (
        <input {...props} type="text" autocomplete="off" onInput={(e) => onWords(e.currentTarget.value)} />
      )}
    </Field>
  );
}
