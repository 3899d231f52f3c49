/** What a check found wrong, and which readings it goes without: said before it is saved and after. */

import type { Answers, Question } from "../../engine";
import { type Finding, isEmpty } from "../../questions";
import { Note } from "../../ui/Note";
import { W } from "../../words";

interface FoundProps {
  findings: readonly Finding[];
  /** Readings without an answer. */
  unread: readonly Question[];
  title: (n: number) => string;
}

/** Readings with a limit that were left empty although nothing asked for them: that they were in order is not known. */
export function unreadOf(questions: readonly Question[], answers: Answers): Question[] {
  if (questions.every(({ key }) => isEmpty(answers[key]))) return [];
  const optional = questions.filter((one) => !one.required && !one.required_unless);
  return optional.filter((one) => one.type === "number" && one.pass && isEmpty(answers[one.key]));
}

export function Found({ findings, unread, title }: FoundProps) {
  return (
    <>
      {findings.length > 0 && (
        <Note tone="due" title={title(findings.length)}>
          <ul class="bullets">
            {findings.map((finding) => (
              <li key={`${finding.question}${finding.summary}`}>{finding.summary}</li>
            ))}
          </ul>
        </Note>
      )}
      {unread.length > 0 && (
        <Note tone="soon" title={W.check.unread}>
          <ul class="bullets">
            {unread.map((question) => (
              <li key={question.key}>{question.label}</li>
            ))}
          </ul>
        </Note>
      )}
    </>
  );
}
