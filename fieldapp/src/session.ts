/** Signing in and out. Nothing here ever clears work, drafts or another person's lists. */

import { putMeta, type Store } from "./db";
import { EngineError } from "./errors";
import { call, inWords, type Reply } from "./net";
import { keepPerson, meIn } from "./pull";
import type { PersonRow } from "./rows";
import { W } from "./words";
import type { World } from "./world";

/** `code` is the second step's, for an account that has one; without it such an account is refused as "second-step". */
export async function signIn(
  store: Store,
  world: World,
  email: string,
  password: string,
  code = "",
): Promise<PersonRow> {
  const body = JSON.stringify(code ? { email, password, code } : { email, password });
  const device = await store.meta("device");
  const headers = device ? { "X-Device": device.id } : undefined;
  const reply = await call(world, "/sign-in", { method: "POST", body, headers });
  const me = meIn(reply);
  if (!me) throw refusal(reply);
  const person = await keepPerson(store, me);
  await store.setMeta("sign_out_pending", false);
  return person;
}

function refusal(reply: Reply): EngineError {
  if (reply.kind === "json" && reply.status === 429) {
    return new EngineError("too-many-tries", W.engine.tooMany);
  }
  if (reply.kind === "json" && reply.status === 403 && reply.body.code === "second_factor") {
    return new EngineError("second-step", W.engine.secondStep);
  }
  if (reply.kind === "json" && reply.status === 403 && reply.body.code === "device_revoked") {
    return new EngineError("server", W.engine.revoked);
  }
  if (reply.kind === "json" && (reply.status === 400 || reply.status === 401)) {
    return new EngineError("wrong-password", W.engine.wrongPassword);
  }
  if (reply.kind === "nothing" && reply.why !== "not-ours") {
    return new EngineError("no-signal", W.engine.signInNoSignal);
  }
  return new EngineError("server", inWords(reply));
}

/** From now on nobody is signed in here. Without a network the server is told later (`finishSignOut`). */
export async function signOut(store: Store, world: World): Promise<void> {
  await store.write(["meta"], async (tx) => {
    await putMeta(tx, "person", null);
    await putMeta(tx, "expired", false);
    await putMeta(tx, "sign_out_pending", true);
  });
  await finishSignOut(store, world);
}

/** Tells the server of a sign-out that it has not heard of yet. */
export async function finishSignOut(store: Store, world: World): Promise<void> {
  if (!(await store.meta("sign_out_pending"))) return;
  const reply = await call(world, "/sign-out", { method: "POST", body: "{}" });
  const heard = reply.kind === "json" && (reply.status < 300 || reply.status === 401);
  if (heard) await store.setMeta("sign_out_pending", false);
}
