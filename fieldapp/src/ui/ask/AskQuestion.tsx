/** Each question in the shape that its kind asks for. The library decides; the phone only draws. */

import type { ComponentType } from "preact";
import type { QuestionType } from "../../engine";
import { FileAsk, PhotoAsk } from "../Photos";
import { AssetListAsk, AssetRefAsk } from "./AssetAsks";
import type { Ask } from "./ask";
import { ActionListAsk, DefectListAsk, TableAsk } from "./ListAsks";
import { NumberAsk } from "./NumberAsk";
import { BooleanAsk, ChoiceAsk, DateAsk, PassFailAsk, TextAsk } from "./SimpleAsks";

const kinds: Record<QuestionType, ComponentType<Ask>> = {
  "pass-fail": PassFailAsk,
  boolean: BooleanAsk,
  number: NumberAsk,
  text: TextAsk,
  choice: ChoiceAsk,
  date: DateAsk,
  photo: PhotoAsk,
  file: FileAsk,
  "asset-ref": AssetRefAsk,
  "asset-list": AssetListAsk,
  "defect-list": DefectListAsk,
  "action-list": ActionListAsk,
  table: TableAsk,
};

export function AskQuestion(props: Ask) {
  const Kind = kinds[props.question.type];
  return <Kind {...props} />;
}
