/** The code on an asset's label. The server's half is backend/rules/tagcode.py; both pass fixtures/cases/tags.json. */

const CROCKFORD = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const SPACES = /^[ \t\r\n\u00a0]+|[ \t\r\n\u00a0]+$/g;
const ADDRESS = /^(?:https?:\/\/)?([^/\s]+)\/([0-9a-z]{8})$/i;
const TYPED = /^[0-9A-Za-z \t\u00a0\u2010\u2013\u2014-]*$/;
const GAPS = /[ \t\u00a0\u2010\u2013\u2014-]+/g;

export type TagText = { kind: "code"; code: string } | { kind: "bad-code" } | { kind: "not-ours" };

/** The check character for seven upper-case characters of 0-9 A-Z (ISO 7064 MOD 37,36). */
export function checkCharacter(seven: string): string {
  let product = 36;
  for (const character of seven) {
    const total = (product + ALPHABET.indexOf(character)) % 36 || 36;
    product = (total * 2) % 37;
  }
  return ALPHABET.charAt((37 - product) % 36);
}

/** Whether this is a code that could have been issued: eight characters, upper case, with the right check character. */
export function isValid(code: string): boolean {
  return CROCKFORD.test(code) && checkCharacter(code.slice(0, 7)) === code[7];
}

/**
 * What a label's address or a typed code says. `hosts` are those we trust, in any case. A typed code may hold spaces
 * and dashes, and O for 0, I or L for 1; an address is read to the letter, because a machine printed it.
 */
export function fromText(text: string, hosts: readonly string[]): TagText {
  const plain = text.replace(SPACES, "");
  const address = ADDRESS.exec(plain);
  if (address) {
    const host = (address[1] ?? "").toLowerCase();
    if (!hosts.some((trusted) => trusted.toLowerCase() === host)) return { kind: "not-ours" };
    return judged((address[2] ?? "").toUpperCase());
  }
  if (!TYPED.test(plain)) return { kind: "not-ours" };
  return judged(plain.replace(GAPS, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1"));
}

function judged(code: string): TagText {
  return isValid(code) ? { kind: "code", code } : { kind: "bad-code" };
}
