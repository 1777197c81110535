/** Values shorter than this are left alone: replacing them would tear innocent text apart. */
const shortestRedacted = 6

/** Replaces known secret values, also Base64 and URL-encoded, by `[secret name]`. The second line of defence only. */
export class Redactor {
  readonly #replacements = new Map<string, string>()

  add(name: string, value: string): void {
    if (value.length < shortestRedacted) return
    const base64 = Buffer.from(value).toString('base64')
    const forms = [
      value,
      encodeURIComponent(value),
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(value).toString('base64url'),
    ]
    for (const form of forms) this.#replacements.set(form, `[secret ${name}]`)
  }

  text(text: string): string {
    let redacted = text
    for (const [value, replacement] of this.#replacements) redacted = redacted.replaceAll(value, replacement)
    return redacted
  }

  /** Redacts a text that comes in pieces. What may be the beginning of a secret is held back until the next one. */
  stream(emit: (text: string) => void): { write(piece: string): void; end(): void } {
    let held = ''
    const pass = (text: string): void => {
      if (text !== '') emit(text)
    }
    return {
      write: (piece) => {
        const text = this.text(held + piece)
        held = text.slice(text.length - this.#begunAtEnd(text))
        pass(text.slice(0, text.length - held.length))
      },
      end: () => {
        pass(held)
        held = ''
      },
    }
  }

  /** Length of the longest end of the text with which a secret begins. */
  #begunAtEnd(text: string): number {
    let longest = 0
    for (const value of this.#replacements.keys()) {
      let length = Math.min(value.length - 1, text.length)
      while (length > longest && !value.startsWith(text.slice(-length))) length--
      longest = Math.max(longest, length)
    }
    return longest
  }

  /** The same bytes where nothing was found. Bytes are compared as such, so binary content comes through unharmed. */
  bytes(bytes: Uint8Array): Uint8Array {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const isFound = [...this.#replacements.keys()].some((value) => buffer.includes(value))
    return isFound ? Buffer.from(this.text(buffer.toString('latin1')), 'latin1') : bytes
  }
}
