import type { Answers, PhotoRef, PlanView, Question, Uuid } from "../../engine";

/** What every kind of question is given. */
export interface Ask {
  question: Question;
  value: unknown;
  answer: (value: unknown) => void;
  /** What is wrong with it, once the person has tried to save. */
  error?: string;
  form: AskForm;
}

/** The form round it: for questions that need more than their own answer. */
export interface AskForm {
  answers: Answers;
  questions: Question[];
  view: PlanView | null;
  /** A check on a building: only things of that building are offered. */
  building: Uuid | null;
  photos: PhotoRef[];
  names: Record<string, string>;
  addPhoto: (photo: PhotoRef, name: string) => void;
  removePhoto: (photo: PhotoRef) => void;
  timers: Record<string, string>;
  setTimer: (key: string, started: string | null) => void;
}
