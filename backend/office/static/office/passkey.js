// Passkeys: a form marked data-passkey asks the browser before it is sent, and carries the browser's answer along.
(() => {
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function create(options) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
      },
    });
    const { clientDataJSON, attestationObject } = made.response;
    return said(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
  }

  async function get(options) {
    const found = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: known(options.allowCredentials),
      },
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return said(found, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    });
  }

  function said(credential, response) {
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  const WORDS = {
    none: "This browser has no passkeys. Use a code instead.",
    NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
    InvalidStateError: "This device has a passkey for you already.",
    SecurityError: "Passkeys need a safe connection (https) on the usual address.",
    other: "The passkey did not work. Try again, or use a code.",
  };

  async function ask(form) {
    const wrong = form.querySelector("[data-wrong]");
    wrong.hidden = true;
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "none");
      const question = JSON.parse(form.dataset.question);
      const options = question.publicKey ?? question;
      const answer = form.dataset.passkey === "create" ? await create(options) : await get(options);
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch (problem) {
      wrong.textContent = WORDS[problem.name] ?? WORDS.other;
      wrong.hidden = false;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
})();
