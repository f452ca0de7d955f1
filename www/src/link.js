// A text in a link: deflated, after the # of the address, so that no server ever sees it.

/** A link should fit into a chat: longer texts are for files. */
export const LONGEST = 12_000;
/** What a link may unfold to; a forged one stops here. */
const MOST = 200_000;

/**
 * The text with nobody's name in it: of each address the domain alone. Return paths that hold another
 * address (`bounce+ann=example.com@example.org`) go whole.
 *
 *     redact("<ann@example.com>: full") // "<someone@example.com>: full"
 */
export const redact = (text) =>
  text.replace(/(?:[\w.]{0,64}[+-][\w.+-]{0,64}=)?[^\s<>"'(),:;[\]=/]{1,64}@(?=[\w[-])/g, "someone@");

/** @param {string} text @returns {Promise<string>} what stands after `#text=` */
export async function fold(text) {
  const bytes = await all(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} folded @returns {Promise<string | null>} `null` where that is no text of ours */
export async function unfold(folded) {
  try {
    const letters = atob(folded.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return new TextDecoder().decode(
      await all(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))),
    );
  } catch {
    return null;
  }
}

async function all(stream) {
  const chunks = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
