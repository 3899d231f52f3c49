/** Photos and files: taken in the app, shrunk and kept on the phone at once, named in the form by their hash. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { PhotoRef } from "../engine";
import { W } from "../words";
import { announce } from "./announce";
import type { Ask } from "./ask/ask";
import { PhotoCamera } from "./Camera";
import { sayError, useEngine } from "./engine";
import { Field, needWords } from "./Field";
import { Icon } from "./Icon";
import { keeping } from "./keeping";
import { lazyPart } from "./lazy";

const MarkUp = lazyPart(() => import("./MarkUp").then((m) => m.MarkUp));

interface KeptProps {
  /** The question's key; "" for photos of the thing as such. */
  field: string;
  label: string;
  photos: PhotoRef[];
  names: Record<string, string>;
  /** Certificates and reports: any file, photos too. */
  files?: boolean;
  onAdd: (photo: PhotoRef, name: string) => void;
  onRemove: (photo: PhotoRef) => void;
}

/** The photos of one field, and the ways to add to them. */
export function Kept(props: KeptProps) {
  const engine = useEngine();
  const list = useRef<HTMLUListElement>(null);
  const [camera, setCamera] = useState(false);
  const [marking, setMarking] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const mine = props.photos.filter((photo) => photo.field === props.field);

  const keep = (source: Blob, name: string) => keeping(take(source, name));
  const take = async (source: Blob, name: string) => {
    setBusy(true);
    setError("");
    try {
      const picture = source.type.startsWith("image/");
      const { sha256, type, size } = await (picture ? engine.takePhoto(source) : engine.takeFile(source));
      const known = mine.some((photo) => photo.sha256 === sha256);
      if (!known) props.onAdd({ sha256, type, size, field: props.field }, name);
    } catch (problem) {
      setError(sayError(problem) || W.check.notKept);
      announce(sayError(problem));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      {mine.length > 0 && (
        <ul class="photos" ref={list} tabIndex={-1}>
          {mine.map((photo, n) => (
            <li key={photo.sha256} class="photo">
              <Thumb photo={photo} name={props.names[photo.sha256] || W.check.photoOf(props.label, n + 1)} />
              {photo.type.startsWith("image/") && (
                <button type="button" class="btn slim" onClick={() => setMarking(photo.sha256)}>
                  {W.markUp.start}
                  <span class="unseen"> {W.check.photoOf(props.label, n + 1)}</span>
                </button>
              )}
              <button type="button" class="btn slim" onClick={() => props.onRemove(photo)}>
                {W.check.remove}
                <span class="unseen"> {W.check.photoOf(props.label, n + 1)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {marking && (
        <MarkUp
          key={marking}
          sha256={marking}
          onDone={(picture: Blob) => {
            setMarking("");
            list.current?.focus({ preventScroll: true });
            return keep(picture, "");
          }}
          onClose={() => {
            setMarking("");
            list.current?.focus({ preventScroll: true });
          }}
        />
      )}
      {camera && <PhotoCamera onPhoto={(blob) => keep(blob, "")} onClose={() => setCamera(false)} />}
      <Ways files={props.files ?? false} openCamera={() => setCamera(true)} keep={keep} />
      <p role="status" class={busy ? "muted" : "unseen"}>
        {busy ? W.check.keeping : ""}
      </p>
      {error && <p class="error">{error}</p>}
    </>
  );
}

function Ways(props: { files: boolean; openCamera: () => void; keep: (source: Blob, name: string) => Promise<void> }) {
  const picker = useRef<HTMLInputElement>(null);
  const picked = async (input: HTMLInputElement) => {
    for (const file of [...(input.files ?? [])]) await props.keep(file, file.name);
    input.value = "";
  };
  return (
    <div class="acts">
      <button type="button" class="btn" onClick={props.openCamera}>
        <Icon name="camera" />
        {W.check.takePhoto}
      </button>
      <button type="button" class="btn" onClick={() => picker.current?.click()}>
        <Icon name={props.files ? "file" : "picture"} />
        {props.files ? W.check.chooseFile : W.check.choosePhoto}
      </button>
      <input
        ref={picker}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={props.files ? "image/*,application/pdf,.pdf" : "image/*"}
        multiple
        onChange={(e) => picked(e.currentTarget)}
      />
    </div>
  );
}

export function Thumb({ photo, name }: { photo: { sha256: string; type: string }; name: string }) {
  const picture = photo.type.startsWith("image/");
  const url = usePicture(picture ? photo.sha256 : null);
  if (!picture || url === null)
    return (
      <span class="paper small">
        <Icon name="file" />
        <span class="unseen">{picture ? `${name}: ${W.check.gone}` : name || W.check.file}</span>
      </span>
    );
  return url ? <img src={url} alt={name} /> : <span class="paper ghost" />;
}

/** Undefined while it is looked for, null when its bytes are no longer on the phone. */
function usePicture(sha256: string | null): string | null | undefined {
  const engine = useEngine();
  const [url, setUrl] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    if (!sha256) return;
    let live = true;
    let made: string | null = null;
    engine.photoUrl(sha256).then((found) => {
      made = found;
      if (live) setUrl(found);
      else if (found) URL.revokeObjectURL(found);
    });
    return () => {
      live = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [sha256]);
  return url;
}

export function PhotoAsk({ question, error, form }: Ask) {
  return <KeptAsk {...{ question, error, form }} />;
}

export function FileAsk({ question, error, form }: Ask) {
  return <KeptAsk {...{ question, error, form }} files />;
}

function KeptAsk({ question, error, form, files }: Pick<Ask, "question" | "error" | "form"> & { files?: boolean }) {
  const id = useId();
  return (
    <Field
      {...{ id, error }}
      label={question.label}
      help={question.help}
      need={needWords(question)}
      question={question.key}
      group
    >
      <Kept
        field={question.key}
        label={question.label}
        photos={form.photos}
        names={form.names}
        files={files}
        onAdd={form.addPhoto}
        onRemove={form.removePhoto}
      />
    </Field>
  );
}
